/* make check: compressed messages become plain, the same ones once, and what is cut or bad is noticed. */
#define _GNU_SOURCE
#include "deflate.h"
#include <stdio.h>

#define CHECK(x) do { if (!(x)) { fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #x); exit(1); } } while (0)

#ifdef WITH_ZLIB
static uint32_t pack(const char *p, uint32_t n, int level, char *d, uint32_t room) {
  z_stream z; memset(&z, 0, sizeof z); CHECK(deflateInit2(&z, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  z.next_in = (Bytef *)p; z.avail_in = n; z.next_out = (Bytef *)d; z.avail_out = room; CHECK(deflate(&z, Z_SYNC_FLUSH) == Z_OK); CHECK(z.avail_out);
  uint32_t l = room - z.avail_out; deflateEnd(&z); CHECK(!memcmp(d + l - 4, "\0\0\377\377", 4)); return l - 4;
}
int main(void) {
  static inflating s; static char text[8192], packed[16384]; uint32_t n;
  for (uint32_t size = 0; size < sizeof text; size += 1 + size / 3) {
    for (uint32_t i = 0; i < size; i++) text[i] = (char)(i % 7 ? 'a' + i % 13 : i * 31);
    for (int level = 0; level <= 9; level += 3) {
      uint32_t l = pack(text, size, level, packed, sizeof packed); uint64_t inflated = s.inflated, shared = s.shared;
      const char *p = inflate_message(&s, packed, l, &n); CHECK(p); CHECK(n == size); CHECK(!memcmp(p, text, n));
      CHECK(s.inflated + s.shared == inflated + shared + 1);
      inflated = s.inflated; const char *again = inflate_message(&s, packed, l, &n); CHECK(again == p); CHECK(n == size); CHECK(s.inflated == inflated);
    }
  }
  uint32_t l = pack(text, 1000, 6, packed, sizeof packed);
  for (uint32_t cut = 1; cut < l; cut++) CHECK(!inflate_message(&s, packed, l - cut, &n));
  CHECK(!inflate_message(&s, "\377\377\377\377", 4, &n));
  return 0;
}
#else
int main(void) { fprintf(stderr, "without zlib: inflating is not checked\n"); return 0; }
#endif
