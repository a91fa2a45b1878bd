/*
 * How long libxml2 takes to parse and validate a document as a stream (xmlSchemaValidateStream), the baseline of
 * `benches/validation.rs`. Prints the best and the median time of a document in nanoseconds.
 *
 *   libxml2 SCHEMA DOCUMENT MILLISECONDS
 */
#define _POSIX_C_SOURCE 199309L
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
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

static char *read_file(const char *path, long *size) {
    FILE *f = fopen(path, "rb");
    if (!f) return NULL;
    fseek(f, 0, SEEK_END);
    *size = ftell(f);
    rewind(f);
    char *text = malloc((size_t)*size);
    if (text && fread(text, 1, (size_t)*size, f) != (size_t)*size) { free(text); text = NULL; }
    fclose(f);
    return text;
}

int main(int argc, char **argv) {
    if (argc != 4) { fprintf(stderr, "usage: libxml2 SCHEMA DOCUMENT MILLISECONDS\n"); return 2; }
    long size = 0;
    char *text = read_file(argv[2], &size);
    if (!text) { perror(argv[2]); return 2; }
    xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt(argv[1]);
    xmlSchemaPtr schema = parser ? xmlSchemaParse(parser) : NULL;
    if (!schema) { fprintf(stderr, "%s does not compile\n", argv[1]); return 2; }

    enum { MOST = 200000 };
    double *times = malloc(sizeof(double) * MOST);
    size_t count = 0;
    double end = now() + atof(argv[3]) * 1e6;
    while (count < MOST && (count < 5 || now() < end)) {
        double begin = now();
        xmlSchemaValidCtxtPtr valid = xmlSchemaNewValidCtxt(schema);
        xmlParserInputBufferPtr input = xmlParserInputBufferCreateMem(text, (int)size, XML_CHAR_ENCODING_NONE);
        int verdict = xmlSchemaValidateStream(valid, input, XML_CHAR_ENCODING_NONE, NULL, NULL); /* frees its input */
        xmlSchemaFreeValidCtxt(valid);
        times[count++] = now() - begin;
        if (verdict != 0) { fprintf(stderr, "%s is not valid (%d)\n", argv[2], verdict); return 1; }
    }
    qsort(times, count, sizeof(double), by_value);
    printf("%.0f %.0f\n", times[0], times[count / 2]);
    return 0;
}
