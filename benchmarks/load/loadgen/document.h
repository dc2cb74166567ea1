/*
 * What is published and who receives it: a document with small changes, and filters of tags of which half pass.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { ROW = 80, ROWS_AT = 35, PRICE_AT = 37 };

/* Fills n bytes at d with a JSON document: {"t":"<19 digits>","rows":[{...},{...}],"p":"xx"}; returns the number of its rows. */
static uint32_t document_init(char *d, uint32_t n) {
  static const char *const name[] = { "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "haven", "inlet", "joist", "knoll", "ledge", "maple" };
  static const char *const state[] = { "open  ", "halted", "closed", "early " };
  uint32_t rows = n < ROWS_AT + 8 + ROW ? 0 : (n - ROWS_AT - 8) / ROW, o = ROWS_AT, seed = 12345; char row[ROW + 40];
  memcpy(d, "{\"t\":\"0000000000000000000\",\"rows\":[", ROWS_AT);
  for (uint32_t i = 0; i < rows; i++) {
    seed = seed * 1664525u + 1013904223u;
    snprintf(row, sizeof row, "{\"id\":%3u,\"name\":\"%s %02u\",\"price\":\"%07.2f\",\"volume\":%5u,\"state\":\"%s\"} ", 100 + i, name[(seed >> 20) % 13], (seed >> 8) % 100, 1000 + (seed >> 10) % 800000 / 100.0, 10000 + (seed >> 16) % 80000, state[(seed >> 28) % 4]);
    for (uint32_t l = (uint32_t)strlen(row); l < ROW; l++) row[l] = ' ';
    row[ROW - 1] = i + 1 < rows ? ',' : ' '; memcpy(d + o, row, ROW); o += ROW;
  }
  memcpy(d + o, "],\"p\":\"", 7); o += 7; if (o < n - 2) memset(d + o, 'x', n - 2 - o); memcpy(d + n - 2, "\"}", 2);
  return rows;
}
/* The next state of the document: another price in one row. */
static void document_change(char *d, uint32_t rows, uint64_t k) {
  if (!rows) return;
  char *p = d + ROWS_AT + k % rows * ROW + PRICE_AT; uint64_t cents = k * 7919 % 10000;
  p[2] = (char)('0' + cents / 1000); p[3] = (char)('0' + cents / 100 % 10); p[5] = (char)('0' + cents / 10 % 10); p[6] = (char)('0' + cents % 10);
}

/* Filter f of n (an even number) passes the n / 2 values from f on, around the end: a publication of any value passes half of the filters. */
static int filter_wraps(int f, int n) { return f + n / 2 > n; }
static int filter_end(int f, int n) { return filter_wraps(f, n) ? f + n / 2 - n : f + n / 2; }
static uint32_t filter_json(char *d, int f, int n) {
  return (uint32_t)sprintf(d, "{\"op\":\"%s\",\"nodes\":[{\"key\":\"v\",\"cmp\":\"gte\",\"val\":\"%d\"},{\"key\":\"v\",\"cmp\":\"lt\",\"val\":\"%d\"}]}", filter_wraps(f, n) ? "or" : "and", f, filter_end(f, n));
}
