/* The bounds of a call: every allocation of libxslt and libxml2 passes here. It is counted, it notices that a call is given up or that the
 * stack runs out, and while a sheet runs it comes from a pool of the call's own, which costs less than the C library's and is gone whole
 * when the call is over, whatever an error path forgot. */

#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/xmlmemory.h>
#include <libxml/xpath.h>

#include "shim.h"

_Thread_local struct castile_call *castile_xslt_current;

/* From this size on, a single piece of memory beyond the limit is denied; small ones are given until the run has unwound. */
#define LARGE 65536

static void break_off(struct castile_call *call, int why) {
    if (call->broken == 0)
        call->broken = why;
    if (call->context != NULL) {
        call->context->state = XSLT_STATE_STOPPED;
        call->context->xpathCtxt->opLimit = 1;
        call->context->xpathCtxt->opCount = 1;
    }
}

/* Breaking off lets the run unwind at its next instruction or step. Only where something goes on regardless, copying a tree without end
 * or growing one string, memory is denied: not all of libxml2 bears that, so it is the last resort. */
static int admits(struct castile_call *call, size_t size) {
    char *here = __builtin_frame_address(0);
    if (here < call->floor) {
        break_off(call, BROKEN_STACK);
        if (here < call->floor - call->reserve / 2)
            return 0;
    }
    if (call->stop != NULL && __atomic_load_n(call->stop, __ATOMIC_RELAXED))
        break_off(call, BROKEN_STOPPED);
    if (size > call->memory || call->used > call->memory - size) {
        break_off(call, BROKEN_MEMORY);
        return size < LARGE && call->used / 2 <= call->memory;
    }
    return 1;
}

/* Before each block stands what it is. Blocks of a run come from its own pool and go with it; those of sheets are the C library's. */
struct head {
    uint64_t kind;
    size_t size; /* of the block, without this */
};

/* Values that nothing else has there: a block without them came from before `init` and is left to the C library. */
#define OUTSIDE UINT64_C(0x7863617374696c65)
#define SMALL UINT64_C(0x7863617374696c66)
#define BIG UINT64_C(0x7863617374696c67)

struct slab {
    struct slab *next;
    size_t height; /* how many slabs this thread keeps, with this one */
};

/* The slabs that a thread keeps from one run to the next: pages from the system cost more than what is done in them. */
static pthread_key_t kept;

struct big {
    struct big *before, *after;
    struct head head;
};

static struct head *head_of(void *block) {
    return (struct head *)block - 1;
}

static void *block_of(struct head *head, uint64_t kind, size_t size) {
    head->kind = kind;
    head->size = size;
    return head + 1;
}

static void count_free(struct castile_call *call, size_t size) {
    call->used -= size < call->used ? size : call->used;
}

static struct slab *new_slab(void) {
    struct slab *slab = pthread_getspecific(kept);
    if (slab == NULL)
        return malloc(SLAB);
    pthread_setspecific(kept, slab->next);
    return slab;
}

static void keep_or_free(struct slab *slab) {
    struct slab *top = pthread_getspecific(kept);
    slab->height = top == NULL ? 1 : top->height + 1;
    slab->next = top;
    if (slab->height > MOST_KEPT || pthread_setspecific(kept, slab) != 0)
        free(slab);
}

static void free_kept(void *top) {
    for (struct slab *slab = top; slab != NULL;) {
        struct slab *next = slab->next;
        free(slab);
        slab = next;
    }
}

static void *take_small(struct castile_call *call, size_t size) {
    size_t class = (size + 15) / 16;
    size_t whole = sizeof(struct head) + class * 16;
    struct pool *pool = &call->pool;
    void *block = pool->spare[class];
    if (block != NULL) {
        memcpy(&pool->spare[class], block, sizeof block);
    } else {
        if ((size_t)(pool->end - pool->next) < whole) {
            struct slab *slab = new_slab();
            if (slab == NULL)
                return NULL;
            slab->next = pool->slabs;
            pool->slabs = slab;
            pool->next = (char *)(slab + 1);
            pool->end = (char *)slab + SLAB;
        }
        block = block_of((struct head *)pool->next, SMALL, class * 16);
        pool->next += whole;
    }
    call->used += whole;
    pool->live++;
    return block;
}

static void link_big(struct castile_call *call, struct big *big) {
    big->before = NULL;
    big->after = call->pool.bigs;
    if (big->after != NULL)
        big->after->before = big;
    call->pool.bigs = big;
}

static void unlink_big(struct castile_call *call, struct big *big) {
    if (big->after != NULL)
        big->after->before = big->before;
    if (big->before != NULL)
        big->before->after = big->after;
    else
        call->pool.bigs = big->after;
}

static struct big *big_of(void *block) {
    return (struct big *)((char *)block - sizeof(struct big));
}

static void *bounded_malloc(size_t size) {
    struct castile_call *call = castile_xslt_current;
    if (size > SIZE_MAX / 2 || (call != NULL && !admits(call, size)))
        return NULL;
    if (call == NULL || !call->running) {
        struct head *head = malloc(sizeof *head + size);
        if (head != NULL && call != NULL)
            call->used += size;
        return head == NULL ? NULL : block_of(head, OUTSIDE, size);
    }
    if (size != 0 && size <= MOST_SMALL)
        return take_small(call, size);
    struct big *big = malloc(sizeof *big + size);
    if (big == NULL)
        return NULL;
    link_big(call, big);
    call->used += size;
    call->pool.live++;
    return block_of(&big->head, BIG, size);
}

static void bounded_free(void *block) {
    struct castile_call *call = castile_xslt_current;
    if (block == NULL)
        return;
    struct head *head = head_of(block);
    if (head->kind == OUTSIDE) {
        if (call != NULL && !call->running)
            count_free(call, head->size);
        head->kind = 0;
        free(head);
    } else if (call == NULL) {
        free(block);
    } else if (head->kind == SMALL) {
        struct pool *pool = &call->pool;
        memcpy(block, &pool->spare[head->size / 16], sizeof block);
        pool->spare[head->size / 16] = block;
        pool->live--;
        count_free(call, sizeof *head + head->size);
    } else if (head->kind == BIG) {
        struct big *big = big_of(block);
        unlink_big(call, big);
        call->pool.live--;
        count_free(call, head->size);
        head->kind = 0;
        free(big);
    } else {
        free(block);
    }
}

static void *grown(struct castile_call *call, void *block, size_t size) {
    struct head *head = head_of(block);
    size_t before = head->size;
    if (head->kind == BIG) {
        struct big *big = big_of(block);
        unlink_big(call, big);
        struct big *moved = realloc(big, sizeof *big + size);
        link_big(call, moved == NULL ? big : moved);
        if (moved == NULL)
            return NULL;
        count_free(call, before);
        call->used += size;
        return block_of(&moved->head, BIG, size);
    }
    struct head *moved = realloc(head, sizeof *head + size);
    if (moved == NULL)
        return NULL;
    if (call != NULL && !call->running) {
        count_free(call, before);
        call->used += size;
    }
    return block_of(moved, OUTSIDE, size);
}

static void *bounded_realloc(void *block, size_t size) {
    struct castile_call *call = castile_xslt_current;
    if (block == NULL)
        return bounded_malloc(size);
    struct head *head = head_of(block);
    if (head->kind != OUTSIDE && head->kind != SMALL && head->kind != BIG)
        return realloc(block, size);
    if (head->kind == SMALL && size <= head->size)
        return block;
    if (size > SIZE_MAX / 2 || (call != NULL && size > head->size && !admits(call, size - head->size)))
        return NULL;
    if (head->kind != SMALL)
        return grown(call, block, size);
    void *moved = bounded_malloc(size);
    if (moved != NULL) {
        memcpy(moved, block, head->size);
        bounded_free(block);
    }
    return moved;
}

static char *bounded_strdup(const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = bounded_malloc(size);
    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}

/* What a run has not given back, on an error path of the libraries, goes here. */
void castile_xslt_empty(struct pool *pool) {
    while (pool->bigs != NULL) {
        struct big *big = pool->bigs;
        pool->bigs = big->after;
        free(big);
    }
    while (pool->slabs != NULL) {
        struct slab *slab = pool->slabs;
        pool->slabs = slab->next;
        keep_or_free(slab);
    }
}

/* The lowest address that this thread's stack may reach, less what is kept for code that does not allocate. */
char *castile_xslt_stack_floor(size_t reserve) {
    static _Thread_local char *lowest;
    if (lowest == NULL) {
        void *base = NULL;
#ifdef __linux__
        pthread_attr_t attributes;
        size_t size = 0;
        if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
            pthread_attr_getstack(&attributes, &base, &size);
            pthread_attr_destroy(&attributes);
        }
#endif
        char *here = __builtin_frame_address(0);
        char *most = here - ((size_t)64 << 20);
        lowest = base == NULL ? here - ((size_t)1 << 20) : (char *)base < most ? most : (char *)base;
    }
    return lowest + reserve;
}

/* To be called before anything else of libxml2. */
void castile_xslt_take_memory(void) {
    if (pthread_key_create(&kept, free_kept) != 0)
        abort();
    xmlMemSetup(bounded_free, bounded_malloc, bounded_realloc, bounded_strdup);
}
