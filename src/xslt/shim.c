/* What of libxslt cannot be done from Rust: error callbacks with variable arguments, fields of structures whose layout only
 * the headers know, and the order in which a run is put together. Nothing here keeps state beyond a call but what `init` sets once.
 * The Rust side is ffi.rs; memory.c bounds a call. */

#define _GNU_SOURCE
#include <limits.h>
#include <stdarg.h>
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

#include "shim.h"

#define current castile_xslt_current
static xsltSecurityPrefsPtr preferences;
static int warm; /* set once, by init */

#define SHEET_OPTIONS (XML_PARSE_NOENT | XML_PARSE_NOCDATA | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC)
#define DOCUMENT_OPTIONS (XML_PARSE_NOCDATA | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC)

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

static int enter(struct castile_call *call, int running) {
    call->running = running;
    call->used = 0;
    call->broken = 0;
    call->html = 0;
    call->context = NULL;
    call->floor = castile_xslt_stack_floor(call->reserve);
    current = call;
    xmlSetGenericErrorFunc(NULL, on_xml);
    xmlSetStructuredErrorFunc(NULL, (xmlStructuredErrorFunc)on_structured);
    if ((char *)__builtin_frame_address(0) < call->floor)
        call->broken = BROKEN_STACK;
    return call->broken == 0;
}

static void leave(struct castile_call *call) {
    xmlResetLastError();
    xmlSetStructuredErrorFunc(NULL, NULL);
    xmlSetGenericErrorFunc(NULL, NULL);
    current = NULL;
    call->kept = call->pool.live;
    call->pool.live = 0;
    castile_xslt_empty(&call->pool);
}

/* Compiles the first document of the call, which may import the others. NULL: it failed, and `say` was told why. */
void *castile_xslt_compile(struct castile_call *call) {
    xsltStylesheetPtr sheet = NULL;
    if (enter(call, 0) && call->count > 0) {
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
    leave(call);
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
    if (!enter(call, warm)) {
        leave(call);
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
    leave(call);
    return end;
}

/* ---- The beginning. ---- */

static void say_nothing(void *host, int what, const char *file, int line, const char *text) {
    (void)host, (void)what, (void)file, (void)line, (void)text;
}

static int write_nothing(void *host, const char *bytes, int length) {
    (void)host, (void)bytes;
    return length;
}

/* The libraries make some tables of their own when they are first wanted. Runs of sheets that go well and of sheets that fail, before
 * there are pools: the tables must not lie in the pool of a run, which is gone when it ends. */
static void warm_up(void) {
    static const char *bodies[] = {
        "<o><xsl:for-each select='//i'><xsl:sort select='.' lang='en' data-type='number'/><xsl:number format='I'/>"
        "<xsl:value-of select='format-number(key(\"k\", .), \"0.0\")'/></xsl:for-each><xsl:copy-of select='document(\"\")'/>"
        "<xsl:value-of select='s:tokenize(s:replace(string(.), \"1\", \"2\"), \"2\")'/><xsl:value-of select='d:date-time()'/>"
        "<xsl:value-of select='generate-id()'/><xsl:message>a</xsl:message></o>",
        "<u:x/><xsl:value-of select='u:f()'/>",
        "<xsl:value-of select='g()'/>",
        "<xsl:copy-of select='document(\"none\")'/>",
        "<xsl:message terminate='yes'>a</xsl:message>",
    };
    for (size_t at = 0; at < sizeof bodies / sizeof *bodies; at++) {
        char text[2048];
        snprintf(text, sizeof text,
                 "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform' xmlns:s='http://exslt.org/strings' "
                 "xmlns:d='http://exslt.org/dates-and-times' xmlns:u='castile:unknown' extension-element-prefixes='u'>"
                 "<xsl:output method='%s' encoding='ISO-8859-1'/><xsl:key name='k' match='i' use='.'/>"
                 "<xsl:template match='/'>%s</xsl:template></xsl:stylesheet>",
                 at == 0 ? "html" : "xml", bodies[at]);
        struct castile_document sheet = {"castile:/warm-up", text, strlen(text)};
        struct castile_document source = {"castile:/-", "<l><i>1</i><i>2</i></l>", 23};
        struct castile_call call = {.say = say_nothing, .write = write_nothing, .documents = &sheet, .count = 1};
        call.memory = 16 << 20;
        call.operations = 100000;
        call.depth = call.variables = 100;
        const char *none[] = {NULL};
        void *compiled = castile_xslt_compile(&call);
        if (compiled != NULL) {
            castile_xslt_run(&call, compiled, &source, none);
            castile_xslt_free(compiled);
        }
    }
    warm = 1;
}

void castile_xslt_init(void) {
    castile_xslt_take_memory();
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
    warm_up();
}
