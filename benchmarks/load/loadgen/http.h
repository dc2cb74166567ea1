/*
 * What a client of HTTP streams needs: chunks taken off in place, frames escaped for JSON and for a query.
 * No state but what the caller holds, so that http_test.c can feed it byte by byte.
 */
#include <stdint.h>
#include <string.h>

enum { CH_SIZE, CH_EXTENSION, CH_DATA, CH_AFTER, CH_LAST, CH_IDENTITY };
typedef struct { uint32_t left; uint8_t state, ended; } chunking;

/* Decodes n bytes at b in place, whatever they were cut at, and returns how many bytes of body they held. */
static uint32_t dechunk(chunking *s, char *b, uint32_t n, uint64_t *chunks) {
  if (s->state == CH_IDENTITY) return n;
  uint32_t in = 0, out = 0;
  while (in < n) {
    if (s->state == CH_DATA) {
      uint32_t take = n - in < s->left ? n - in : s->left;
      if (in != out) memmove(b + out, b + in, take);
      in += take; out += take; s->left -= take; if (!s->left) s->state = CH_AFTER;
      continue;
    }
    char c = b[in++];
    switch (s->state) {
      case CH_SIZE:
        if (c >= '0' && c <= '9') s->left = s->left << 4 | (uint32_t)(c - '0');
        else if ((c | 32) >= 'a' && (c | 32) <= 'f') s->left = s->left << 4 | (uint32_t)((c | 32) - 'a' + 10);
        else if (c == ';') s->state = CH_EXTENSION;
        if (c != '\n') break;
        /* fall through */
      case CH_EXTENSION:
        if (c == '\n') { if (s->left) { s->state = CH_DATA; (*chunks)++; } else { s->state = CH_LAST; s->ended = 1; } }
        break;
      case CH_AFTER: if (c == '\n') s->state = CH_SIZE; break;
      default: break; /* trailers of the last chunk */
    }
  }
  return out;
}

/* Writes s as the inside of a JSON string; d has room for 6 times n. */
static uint32_t json_escape(char *d, const char *s, uint32_t n) {
  static const char hex[] = "0123456789abcdef"; uint32_t o = 0;
  for (uint32_t i = 0; i < n; i++) {
    uint8_t c = (uint8_t)s[i];
    if (c == '"' || c == '\\') { d[o++] = '\\'; d[o++] = (char)c; } else if (c == '\n') { d[o++] = '\\'; d[o++] = 'n'; }
    else if (c < 32) { memcpy(d + o, "\\u00", 4); d[o + 4] = hex[c >> 4]; d[o + 5] = hex[c & 15]; o += 6; } else d[o++] = (char)c;
  }
  return o;
}

/* Writes s as a value of a query; d has room for 3 times n. */
static uint32_t url_encode(char *d, const char *s, uint32_t n) {
  static const char hex[] = "0123456789ABCDEF"; uint32_t o = 0;
  for (uint32_t i = 0; i < n; i++) {
    uint8_t c = (uint8_t)s[i];
    if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' || c == '.' || c == '_' || c == '~') d[o++] = (char)c;
    else { d[o++] = '%'; d[o++] = hex[c >> 4]; d[o++] = hex[c & 15]; }
  }
  return o;
}

/* Copies the string value after key (quotes included in key, for instance "\"node\":\"") if it is there and fits. */
static int json_string(const char *p, uint32_t n, const char *key, char *d, uint32_t room) {
  const char *v = memmem(p, n, key, strlen(key)); if (!v) return 0;
  v += strlen(key); const char *e = memchr(v, '"', (size_t)(p + n - v)); if (!e || (uint32_t)(e - v) >= room) return 0;
  memcpy(d, v, (size_t)(e - v)); d[e - v] = 0; return 1;
}
