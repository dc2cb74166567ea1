/*
 * What a client of permessage-deflate needs, without context takeover: a compressed message becomes plain again.
 * A server may send the same compressed bytes to a thousand clients. They are inflated once: messages are looked up by
 * their compressed bytes, all of which are compared.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef WITH_ZLIB
#include <zlib.h>
#endif

enum { KNOWN = 256 };
typedef struct { uint64_t hash; char *packed, *plain; uint32_t packed_n, plain_n; } known_message;
typedef struct {
  known_message known[KNOWN]; uint64_t inflated, shared;
#ifdef WITH_ZLIB
  z_stream z; int begun;
#endif
} inflating;

/* Returns the plain message and sets its length, or returns NULL if the bytes are not one whole message; the text stays until it is replaced. */
static const char *inflate_message(inflating *s, const char *p, uint32_t n, uint32_t *plain_n) {
  uint64_t h = n, w; uint32_t i = 0;
  for (; i + 8 <= n; i += 8) { memcpy(&w, p + i, 8); h = (h ^ w) * 0x9E3779B97F4A7C15ull; h ^= h >> 29; }
  for (; i < n; i++) h = (h ^ (uint8_t)p[i]) * 0x100000001B3ull;
  known_message *k = &s->known[(h ^ h >> 32) % KNOWN];
  if (k->plain && k->hash == h && k->packed_n == n && !memcmp(k->packed, p, n)) { s->shared++; *plain_n = k->plain_n; return k->plain; }
#ifdef WITH_ZLIB
  static char plain[1 << 20]; static const uint8_t tail[] = { 0, 0, 255, 255, 3, 0 }; /* what the sender left out, and a last block, so that whole messages end */
  if (!s->begun) { if (inflateInit2(&s->z, -15) != Z_OK) return NULL; s->begun = 1; } else inflateReset(&s->z);
  s->z.next_in = (Bytef *)p; s->z.avail_in = n; s->z.next_out = (Bytef *)plain; s->z.avail_out = sizeof plain;
  int r = n ? inflate(&s->z, Z_NO_FLUSH) : Z_OK; if ((r != Z_OK && r != Z_BUF_ERROR) || s->z.avail_in) return NULL;
  s->z.next_in = (Bytef *)tail; s->z.avail_in = sizeof tail; if (inflate(&s->z, Z_NO_FLUSH) != Z_STREAM_END || s->z.avail_in) return NULL;
  s->inflated++; *plain_n = (uint32_t)(sizeof plain - s->z.avail_out);
  free(k->packed); free(k->plain); k->hash = h; k->packed_n = n; k->plain_n = *plain_n;
  k->packed = malloc(n + 1); memcpy(k->packed, p, n); k->plain = malloc(*plain_n + 1); memcpy(k->plain, plain, *plain_n);
  return k->plain;
#else
  return NULL;
#endif
}
