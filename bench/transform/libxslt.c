/*
 * How long libxslt takes from C to parse a document, transform it by a sheet that was compiled once, and write the result, the baseline of
 * `benches/transform.rs`. Prints the best and the median time of a document in nanoseconds.
 *
 *   libxslt SHEET DOCUMENT MILLISECONDS
 */
#define _POSIX_C_SOURCE 199309L
#include <libexslt/exslt.h>
#include <libxml/parser.h>
#include <libxslt/transform.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    if (argc != 4) { fprintf(stderr, "usage: libxslt SHEET DOCUMENT MILLISECONDS\n"); return 2; }
    exsltRegisterAll();
    xsltStylesheetPtr sheet = xsltParseStylesheetFile((const xmlChar *)argv[1]);
    FILE *f = fopen(argv[2], "rb");
    if (!sheet || !f) { fprintf(stderr, "cannot read %s\n", sheet ? argv[2] : argv[1]); return 2; }
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    rewind(f);
    char *text = malloc((size_t)size);
    if (!text || fread(text, 1, (size_t)size, f) != (size_t)size) return 2;
    fclose(f);

    enum { MOST = 200000 };
    double *times = malloc(sizeof(double) * MOST);
    size_t count = 0;
    double end = now() + atof(argv[3]) * 1e6;
    while (count < MOST && (count < 5 || now() < end)) {
        double begin = now();
        xmlDocPtr document = xmlReadMemory(text, (int)size, NULL, NULL, XML_PARSE_NOCDATA | XML_PARSE_NONET);
        xmlDocPtr result = xsltApplyStylesheet(sheet, document, NULL);
        xmlChar *written = NULL;
        int length = 0;
        if (!result || xsltSaveResultToString(&written, &length, result, sheet) < 0) { fprintf(stderr, "it fails\n"); return 1; }
        xmlFree(written);
        xmlFreeDoc(result);
        xmlFreeDoc(document);
        times[count++] = now() - begin;
    }
    qsort(times, count, sizeof(double), by_value);
    printf("%.0f %.0f\n", times[0], times[count / 2]);
    return 0;
}
