/* What of libxslt cannot be done from Rust: error callbacks with variable arguments, fields of structures whose layout only
 * the headers know, and the allocator that bounds a call. Nothing here keeps state beyond a call but what `init` sets once.
 * The Rust side is ffi.rs; both declare the same structures. */

#define _GNU_SOURCE
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libexslt/exslt.h>
#include <libxml/encoding.h>
#include <libxml/parser.h>
#include <libxml/uri.h>
#include <libxml/xmlIO.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <libxslt/extensions.h>
#include <libxslt/documents.h>
#include <libxslt/imports.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/variables.h>
#include <libxslt/xslt.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>

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
    /* Set by the shim. */
    size_t used;
    char *floor;
    xsltTransformContextPtr context;
};

static _Thread_local struct castile_call *current;
static xsltSecurityPrefsPtr preferences;

#define SHEET_OPTIONS (XML_PARSE_NOENT | XML_PARSE_NOCDATA | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC)
#define DOCUMENT_OPTIONS (XML_PARSE_NOCDATA | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC)
/* From this size on, a single piece of memory beyond the limit is denied; small ones are given until the run has unwound. */
#define LARGE 65536

/* ---- The bounds of a call: every allocation of the libraries passes here. ---- */

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

static void *bounded_malloc(size_t size) {
    struct castile_call *call = current;
    if (call == NULL)
        return malloc(size);
    if (!admits(call, size))
        return NULL;
    void *block = malloc(size);
    if (block != NULL)
        call->used += malloc_usable_size(block);
    return block;
}

static void bounded_free(void *block) {
    struct castile_call *call = current;
    if (call != NULL && block != NULL) {
        size_t size = malloc_usable_size(block);
        call->used -= size < call->used ? size : call->used;
    }
    free(block);
}

static void *bounded_realloc(void *block, size_t size) {
    struct castile_call *call = current;
    if (call == NULL)
        return realloc(block, size);
    size_t before = block == NULL ? 0 : malloc_usable_size(block);
    if (size > before && !admits(call, size - before))
        return NULL;
    void *grown = realloc(block, size);
    if (grown != NULL) {
        call->used -= before < call->used ? before : call->used;
        call->used += malloc_usable_size(grown);
    }
    return grown;
}

static char *bounded_strdup(const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = bounded_malloc(size);
    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}

/* The lowest address that this thread's stack may reach, less what is kept for code that does not allocate. */
static char *stack_floor(size_t reserve) {
    static _Thread_local char *lowest;
    if (lowest == NULL) {
        pthread_attr_t attributes;
        void *base = NULL;
        size_t size = 0;
        if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
            pthread_attr_getstack(&attributes, &base, &size);
            pthread_attr_destroy(&attributes);
        }
        char *here = __builtin_frame_address(0);
        char *most = here - ((size_t)64 << 20);
        lowest = base == NULL ? here - ((size_t)1 << 20) : (char *)base < most ? most : (char *)base;
    }
    return lowest + reserve;
}

/* ---- What the libraries tell. ---- */

static void say(int what, const char *file, int line, const char *text) {
    if (current != NULL)
        current->say(current->host, what, file, line, text == NULL ? "" : text);
}

static void say_formatted(int what, const char *format, va_list arguments) {
    char text[4096];
    vsnprintf(text, sizeof text, format, arguments);
    say(what, NULL, 0, text);
}

/* libxslt's own channel: places, errors behind them, and what xsl:message says. */
static void on_xslt(void *context, const char *format, ...) {
    (void)context;
    va_list arguments;
    va_start(arguments, format);
    if (strncmp(format, "%s: file %s", 11) == 0) {
        va_arg(arguments, const char *);
        const char *file = va_arg(arguments, const char *);
        int line = strstr(format, "line %d") != NULL ? va_arg(arguments, int) : 0;
        const char *element = strstr(format, "element %s") != NULL ? va_arg(arguments, const char *) : "";
        say(SAID_PLACE, file, line, element);
    } else if (strcmp(format, "%s: element %s\n") == 0 || strcmp(format, "%s\n") == 0) {
        say(SAID_PLACE, NULL, 0, "");
    } else if (strcmp(format, "%s") == 0) {
        say(SAID_TEXT, NULL, 0, va_arg(arguments, const char *)); /* whole, however long */
    } else {
        say_formatted(SAID_TEXT, format, arguments);
    }
    va_end(arguments);
}

/* libxml2's channel for what has no structure. */
static void on_xml(void *context, const char *format, ...) {
    (void)context;
    va_list arguments;
    va_start(arguments, format);
    say_formatted(SAID_FAULT, format, arguments);
    va_end(arguments);
}

static void on_structured(void *context, const xmlError *error) {
    (void)context;
    const char *file = error->file;
    int line = error->line;
    if (file == NULL && current != NULL && current->context != NULL && current->context->inst != NULL) {
        xmlNodePtr instruction = current->context->inst;
        file = instruction->doc == NULL ? NULL : (const char *)instruction->doc->URL;
        line = (int)xmlGetLineNo(instruction);
    }
    char text[1024];
    const char *message = error->message == NULL ? "" : error->message;
    if (error->domain == XML_FROM_XPATH && error->str1 != NULL)
        snprintf(text, sizeof text, "%.*s: %s", (int)strcspn(message, "\n"), message, error->str1);
    else
        snprintf(text, sizeof text, "%s", message);
    say(error->level <= XML_ERR_WARNING ? SAID_WARNING : SAID_FAULT, file, line, text);
}

/* ---- Documents: from memory, from the list of the call, from nowhere else. ---- */

static const struct castile_document *find(const xmlChar *uri) {
    const struct castile_document *found = NULL;
    char *plain = current == NULL || uri == NULL ? NULL : xmlURIUnescapeString((const char *)uri, 0, NULL);
    for (size_t at = 0; plain != NULL && found == NULL && at < current->count; at++) {
        char *known = xmlURIUnescapeString(current->documents[at].uri, 0, NULL);
        if (known != NULL && strcmp(plain, known) == 0)
            found = &current->documents[at];
        xmlFree(known);
    }
    xmlFree(plain);
    return found;
}

static int may_read(xsltSecurityPrefsPtr prefs, xsltTransformContextPtr context, const char *uri) {
    (void)prefs;
    (void)context;
    return find((const xmlChar *)uri) != NULL;
}

static xmlDocPtr parse(const struct castile_document *document, xmlDictPtr dictionary, int options) {
    if (document == NULL || document->length > INT_MAX)
        return NULL;
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    if (parser == NULL)
        return NULL;
    if (dictionary != NULL) {
        if (parser->dict != NULL)
            xmlDictFree(parser->dict);
        parser->dict = dictionary;
        xmlDictReference(dictionary);
    }
    xmlDocPtr parsed = xmlCtxtReadMemory(parser, document->bytes, (int)document->length, document->uri, NULL, options);
    xmlFreeParserCtxt(parser);
    return parsed;
}

static xmlDocPtr load(const xmlChar *uri, xmlDictPtr dictionary, int options, void *context, xsltLoadType type) {
    (void)options;
    (void)context;
    return parse(find(uri), dictionary, type == XSLT_LOAD_STYLESHEET ? SHEET_OPTIONS : DOCUMENT_OPTIONS);
}

static xmlParserInputPtr refuse_entity(const char *uri, const char *id, xmlParserCtxtPtr parser) {
    (void)parser;
    char text[512];
    snprintf(text, sizeof text, "the external entity %s is not read", uri != NULL ? uri : id != NULL ? id : "");
    say(SAID_FAULT, NULL, 0, text);
    return NULL;
}

/* ---- Functions of XPath whose own ones take the product of two lengths: these are linear (the C library's strstr is). ---- */

enum { SOUGHT_WHETHER, SOUGHT_BEFORE, SOUGHT_AFTER };

static void seek(xmlXPathParserContextPtr parser, int arguments, int what) {
    if (arguments != 2) {
        xmlXPathErr(parser, XPATH_INVALID_ARITY);
        return;
    }
    xmlChar *sought = xmlXPathPopString(parser);
    xmlChar *text = xmlXPathPopString(parser);
    if (parser->error == XPATH_EXPRESSION_OK && text != NULL && sought != NULL) {
        const char *found = strstr((const char *)text, (const char *)sought);
        if (what == SOUGHT_WHETHER) {
            valuePush(parser, xmlXPathNewBoolean(found != NULL));
        } else if (found == NULL) {
            valuePush(parser, xmlXPathNewCString(""));
        } else if (what == SOUGHT_AFTER) {
            valuePush(parser, xmlXPathNewCString(found + strlen((const char *)sought)));
        } else {
            text[found - (const char *)text] = 0;
            valuePush(parser, xmlXPathNewString(text));
        }
    } else if (parser->error == XPATH_EXPRESSION_OK) {
        xmlXPathErr(parser, XPATH_MEMORY_ERROR);
    }
    xmlFree(sought);
    xmlFree(text);
}

static void seek_whether(xmlXPathParserContextPtr parser, int arguments) {
    seek(parser, arguments, SOUGHT_WHETHER);
}

static void seek_before(xmlXPathParserContextPtr parser, int arguments) {
    seek(parser, arguments, SOUGHT_BEFORE);
}

static void seek_after(xmlXPathParserContextPtr parser, int arguments) {
    seek(parser, arguments, SOUGHT_AFTER);
}

static void replace(xmlXPathContextPtr context, const char *name, xmlXPathFunction function) {
    xmlXPathRegisterFunc(context, (const xmlChar *)name, NULL);
    xmlXPathRegisterFunc(context, (const xmlChar *)name, function);
}

/* ---- The calls. ---- */

void castile_xslt_init(void) {
    xmlMemSetup(bounded_free, bounded_malloc, bounded_realloc, bounded_strdup);
    xmlInitParser();
    xsltInit();
    exsltCommonRegister();
    exsltMathRegister();
    exsltSetsRegister();
    exsltStrRegister();
    exsltDateRegister();
    xmlSetExternalEntityLoader(refuse_entity);
    xsltSetLoaderFunc(load);
    xsltSetGenericErrorFunc(NULL, on_xslt);
    preferences = xsltNewSecurityPrefs();
    if (preferences == NULL)
        abort();
    xsltSetSecurityPrefs(preferences, XSLT_SECPREF_READ_FILE, may_read);
    xsltSetSecurityPrefs(preferences, XSLT_SECPREF_READ_NETWORK, may_read);
    xsltSetSecurityPrefs(preferences, XSLT_SECPREF_WRITE_FILE, xsltSecurityForbid);
    xsltSetSecurityPrefs(preferences, XSLT_SECPREF_CREATE_DIRECTORY, xsltSecurityForbid);
    xsltSetSecurityPrefs(preferences, XSLT_SECPREF_WRITE_NETWORK, xsltSecurityForbid);
    xsltSetDefaultSecurityPrefs(preferences);
}

static int enter(struct castile_call *call) {
    call->used = 0;
    call->broken = 0;
    call->html = 0;
    call->context = NULL;
    call->floor = stack_floor(call->reserve);
    current = call;
    xmlSetGenericErrorFunc(NULL, on_xml);
    xmlSetStructuredErrorFunc(NULL, (xmlStructuredErrorFunc)on_structured);
    if ((char *)__builtin_frame_address(0) < call->floor)
        call->broken = BROKEN_STACK;
    return call->broken == 0;
}

static void leave(void) {
    xmlResetLastError();
    xmlSetStructuredErrorFunc(NULL, NULL);
    xmlSetGenericErrorFunc(NULL, NULL);
    current = NULL;
}

/* Compiles the first document of the call, which may import the others. NULL: it failed, and `say` was told why. */
void *castile_xslt_compile(struct castile_call *call) {
    xsltStylesheetPtr sheet = NULL;
    if (enter(call) && call->count > 0) {
        xmlDocPtr document = parse(&call->documents[0], NULL, SHEET_OPTIONS);
        if (document != NULL) {
            sheet = xsltParseStylesheetDoc(document);
            if (sheet == NULL)
                xmlFreeDoc(document);
        }
    }
    if (sheet != NULL && (call->broken != 0 || sheet->errors != 0)) {
        xsltFreeStylesheet(sheet);
        sheet = NULL;
    }
    leave();
    return sheet;
}

void castile_xslt_free(void *sheet) {
    xsltFreeStylesheet(sheet);
}

/* What xsl:output asks for; NULL where it is silent. The texts live as long as the sheet. */
void castile_xslt_output(void *compiled, const char **method, const char **encoding, const char **media) {
    xsltStylesheetPtr sheet = compiled;
    xmlChar *found;
    XSLT_GET_IMPORT_PTR(found, sheet, method)
    *method = (const char *)found;
    XSLT_GET_IMPORT_PTR(found, sheet, encoding)
    *encoding = (const char *)found;
    XSLT_GET_IMPORT_PTR(found, sheet, mediaType)
    *media = (const char *)found;
}

/* Whether results can be written in this encoding. */
int castile_xslt_knows(const char *encoding) {
    xmlCharEncodingHandlerPtr handler = xmlFindCharEncodingHandler(encoding);
    if (handler == NULL)
        return 0;
    xmlCharEncCloseFunc(handler);
    return 1;
}

static int write_out(void *context, const char *bytes, int length) {
    struct castile_call *call = context;
    return call->write(call->host, bytes, length);
}

static int close_out(void *context) {
    (void)context;
    return 0;
}

/* As xsltSaveResultToFile does it, into the call. */
static int save(struct castile_call *call, xsltStylesheetPtr sheet, xmlDocPtr result) {
    const xmlChar *encoding;
    xmlCharEncodingHandlerPtr encoder = NULL;
    XSLT_GET_IMPORT_PTR(encoding, sheet, encoding)
    if (encoding != NULL) {
        encoder = xmlFindCharEncodingHandler((const char *)encoding);
        if (encoder != NULL && xmlStrEqual((const xmlChar *)encoder->name, (const xmlChar *)"UTF-8"))
            encoder = NULL;
    }
    xmlOutputBufferPtr buffer = xmlOutputBufferCreateIO(write_out, close_out, call, encoder);
    if (buffer == NULL)
        return -1;
    int saved = xsltSaveResultTo(buffer, result, sheet);
    int closed = xmlOutputBufferClose(buffer);
    return saved < 0 || closed < 0 ? -1 : 0;
}

static int ended(struct castile_call *call, xsltTransformContextPtr context, xmlDocPtr result) {
    if (call->broken != 0)
        return ENDED_BADLY;
    if (context->state == XSLT_STATE_STOPPED)
        return ENDED_BY_SHEET;
    return result == NULL || context->state != XSLT_STATE_OK ? ENDED_BADLY : ENDED_WELL;
}

/* Runs a sheet on one document; `parameters` are names and values in turn, closed by NULL: strings, never XPath. */
int castile_xslt_run(struct castile_call *call, void *compiled, const struct castile_document *source, const char **parameters) {
    xsltStylesheetPtr sheet = compiled;
    int end = ENDED_BADLY;
    if (!enter(call)) {
        leave();
        return end;
    }
    xmlDocPtr document = parse(source, NULL, DOCUMENT_OPTIONS);
    xsltTransformContextPtr context = document == NULL ? NULL : xsltNewTransformContext(sheet, document);
    if (context != NULL) {
        call->context = context;
        xsltSetTransformErrorFunc(context, NULL, on_xslt);
        xsltSetCtxtParseOptions(context, DOCUMENT_OPTIONS);
        context->maxTemplateDepth = call->depth;
        context->maxTemplateVars = call->variables;
        context->opLimit = call->operations;
        context->xpathCtxt->opLimit = call->operations;
        replace(context->xpathCtxt, "contains", seek_whether);
        replace(context->xpathCtxt, "substring-before", seek_before);
        replace(context->xpathCtxt, "substring-after", seek_after);
        if (xsltSetCtxtSecurityPrefs(preferences, context) == 0 && xsltQuoteUserParams(context, parameters) == 0) {
            xmlDocPtr result = xsltApplyStylesheetUser(sheet, document, NULL, NULL, NULL, context);
            end = ended(call, context, result);
            if (end == ENDED_WELL) {
                call->html = result->type == XML_HTML_DOCUMENT_NODE;
                if (save(call, sheet, result) != 0 || call->broken != 0)
                    end = ENDED_BADLY;
            }
            xmlFreeDoc(result);
        }
        call->context = NULL;
        xsltFreeTransformContext(context);
    }
    xmlFreeDoc(document);
    leave();
    return end;
}
