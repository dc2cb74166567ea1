/* make check: a document keeps its shape when it changes, and every value passes half of the filters, as their text says. */
#define _GNU_SOURCE
#include "document.h"
#include <stdlib.h>

#define CHECK(x) do { if (!(x)) { fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #x); exit(1); } } while (0)

static int filter_passes(int f, int value, int n) { return (value - f + n) % n < n / 2; }

int main(void) {
  for (uint32_t n = 60; n < 4000; n += 37) {
    char d[4001] = { 0 }, before[4001]; uint32_t rows = document_init(d, n); CHECK(strlen(d) == n); CHECK(!memcmp(d + n - 2, "\"}", 2));
    uint32_t found = 0; for (char *p = d; (p = strstr(p, "\"price\":\"")); p++) { CHECK(p + 9 == d + ROWS_AT + found * ROW + PRICE_AT); CHECK(p[13] == '.'); CHECK(p[16] == '"'); found++; }
    CHECK(found == rows);
    for (uint32_t k = 0; k < 100 && rows; k++) {
      memcpy(before, d, sizeof d); document_change(d, rows, k); int other = 0;
      for (uint32_t i = 0; i < n; i++) if (d[i] != before[i]) { other++; CHECK(i >= ROWS_AT + k % rows * ROW + PRICE_AT && i < ROWS_AT + k % rows * ROW + PRICE_AT + 7 && d[i] >= '0' && d[i] <= '9'); }
      CHECK(other <= 4);
    }
  }
  for (int n = 2; n <= 100; n += 14)
    for (int value = 0; value < n; value++) {
      int passing = 0;
      for (int f = 0; f < n; f++) {
        char text[256]; int from, to; text[filter_json(text, f, n)] = 0; int or = !strncmp(text, "{\"op\":\"or\"", 10);
        CHECK(sscanf(strstr(text, "gte"), "gte\",\"val\":\"%d\"", &from) == 1 && sscanf(strstr(text, "\"lt\""), "\"lt\",\"val\":\"%d\"", &to) == 1);
        CHECK((or ? value >= from || value < to : value >= from && value < to) == filter_passes(f, value, n)); passing += filter_passes(f, value, n);
      }
      CHECK(passing == n / 2);
    }
  return 0;
}
