/* What shim.c and memory.c share. ffi.rs declares the same structures. */

#ifndef CASTILE_XSLT_SHIM_H
#define CASTILE_XSLT_SHIM_H

#include <stddef.h>

#include <libxslt/xsltInternals.h>

/* What a callback tells. */
enum { SAID_PLACE = 0, SAID_TEXT = 1, SAID_FAULT = 2, SAID_WARNING = 3 };
/* Why a call was broken off. */
enum { BROKEN_MEMORY = 1, BROKEN_STACK = 2, BROKEN_STOPPED = 3 };
/* How a run ended. */
enum { ENDED_WELL = 0, ENDED_BADLY = 1, ENDED_BY_SHEET = 2 };

/* A document that a call may read. */
struct castile_document {
    const char *uri;
    const char *bytes;
    size_t length;
};

/* The memory of a run: small blocks by size, cut from slabs, and a list of the others. */
#ifndef MOST_SMALL
#define MOST_SMALL 1024 /* 0, to let valgrind see each block */
#endif
#define SLAB 65536
#define MOST_KEPT 32
struct pool {
    void *spare[MOST_SMALL / 16 + 1];
    char *next, *end;
    struct slab *slabs;
    struct big *bigs;
    size_t live;
};

/* One call: what it may use, where it tells what happens. It stays on the thread that entered it. */
struct castile_call {
    void *host;
    void (*say)(void *host, int what, const char *file, int line, const char *text);
    int (*write)(void *host, const char *bytes, int length);
    const struct castile_document *documents;
    size_t count;
    const unsigned char *stop; /* another thread may set it to 1; may be NULL */
    size_t memory;
    size_t reserve; /* bytes of stack that recursion must leave */
    size_t operations;
    int depth;
    int variables;
    int broken; /* out */
    int html;   /* out: the result is an HTML document */
    size_t kept; /* out: blocks of a run that were not given back */
    /* Set by the shim. */
    size_t used;
    char *floor;
    xsltTransformContextPtr context;
    int running;
    struct pool pool;
};

/* The call that runs on this thread; NULL between calls. */
extern _Thread_local struct castile_call *castile_xslt_current;

/* memory.c */
void castile_xslt_take_memory(void);
void castile_xslt_empty(struct pool *pool);
char *castile_xslt_stack_floor(size_t reserve);

#endif
