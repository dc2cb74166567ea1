/* make check: the body that comes out of chunks is the same wherever the bytes were cut. */
#define _GNU_SOURCE
#include "http.h"
#include <stdio.h>
#include <stdlib.h>

#define CHECK(x) do { if (!(x)) { fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #x); exit(1); } } while (0)

int main(void) {
  const char raw[] = "7\r\ndata: a\r\n2\r\n\n\n\r\n1a;name=value\r\nabcdefghijklmnopqrstuvwxyz\r\n0A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
  const char body[] = "data: a\n\nabcdefghijklmnopqrstuvwxyz0123456789";
  uint32_t n = sizeof raw - 1;
  for (uint32_t first = 0; first <= n; first++)
    for (uint32_t step = 1; step <= n; step++) {
      chunking s = { 0, 0, 0 }; uint64_t chunks = 0; char out[sizeof raw]; uint32_t o = 0, i = 0;
      while (i < n) {
        uint32_t take = i == 0 && first ? first : step; if (take > n - i) take = n - i;
        memcpy(out + o, raw + i, take); o += dechunk(&s, out + o, take, &chunks); i += take;
      }
      CHECK(o == sizeof body - 1); CHECK(!memcmp(out, body, o)); CHECK(s.ended); CHECK(chunks == 4);
    }
  chunking plain = { 0, CH_IDENTITY, 0 }; uint64_t none = 0; char same[] = "5\r\nx";
  CHECK(dechunk(&plain, same, 4, &none) == 4); CHECK(!memcmp(same, "5\r\nx", 4));
  char d[64];
  const char text[] = "{\"a\":\"\\\n\1\"}", escaped[] = "{\\\"a\\\":\\\"\\\\\\n\\u0001\\\"}";
  uint32_t l = json_escape(d, text, sizeof text - 1); CHECK(l == sizeof escaped - 1); CHECK(!memcmp(d, escaped, l));
  l = url_encode(d, "{\"a\":1}~", 8); CHECK(l == 18); CHECK(!memcmp(d, "%7B%22a%22%3A1%7D~", l));
  CHECK(json_string("{\"node\":\"n1\"}", 13, "\"node\":\"", d, sizeof d)); CHECK(!strcmp(d, "n1"));
  CHECK(!json_string("{\"node\":\"n1", 11, "\"node\":\"", d, sizeof d));
  return 0;
}
