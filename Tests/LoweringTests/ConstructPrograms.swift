import Testing

/// C constructs one at a time: each program defines `long @handler(int a, long b)`.
struct ConstructProgram: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var testDescription: String { name }

    init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }

    /// A program whose handler has this body.
    static func body(_ name: String, _ body: String, before: String = "") -> ConstructProgram {
        ConstructProgram(name, "\(before)\nlong @handler(int a, long b)\n{\n\(body)\n}")
    }

    static let statements: [ConstructProgram] = [
        .body("switch on a narrow type", "switch ((signed char)a) { case -1: return 1; case -128 ... -100: return 2; case 127: return 3; } return 0;"),
        .body("switch on long", "switch (b) { case -1L: return 1; case 0x7fffffffffffffffL: return 2; case 0x80000000L: return 3; default: return 4; }"),
        .body("switch on an unsigned type", "switch ((unsigned int)a) { case -1: return 1; case 0xfffff000 ... 0xfffffff0: return 2; case 8: return 3; } return 0;"),
        .body("switch on bool", "switch ((_Bool)a) { case 0: return 5; case 1: return 6; } return 7;"),
        .body("switch with default first", "long r = 0; switch (a & 3) { default: r += 1; case 1: r += 10; break; case 2: r += 100; } return r;"),
        .body("switch without braces", "switch (a & 1) case 1: return b; return -b;"),
        .body("case inside a loop inside a switch", "int n = 0, i = a & 7; switch (a & 3) { case 0: do { n += 1; case 1: n += 10; case 2: n += 100; } while (--i > 0); } return n;"),
        .body("empty case range", "switch (a) { case 1 ... 1: return 9; } return 0;"),
        .body("nested switch with break", "switch (a & 1) { case 0: switch (b & 1) { case 0: break; default: return 2; } return 3; } return 4;"),
        .body("continue in do", "int i = 0, n = 0; do { if (++i & 1) continue; n += i; } while (i < (a & 15)); return n;"),
        .body("continue in a switch in a loop", "int n = 0; for (int i = 0; i < 8; i++) { switch (i & a) { case 0: continue; case 1: break; default: n += i; } n += 100; } return n;"),
        .body("for without parts", "int i = 0, n = 0; for ( ; ; i++) { if (i > (a & 7)) break; n += i; } for ( ; i; ) { i--; n++; } for (n += 2; ; ) break; return n;"),
        .body("for with comma", "int i, j, n = 0; for (i = 0, j = 9; i < j; i++, j -= 2) n += i * j + a; return n;"),
        .body("for with a declaration", "long n = 0; for (unsigned char c = 250; c > 100; c++) n += c; return n + a;"),
        .body("goto out of nested loops", "int i, j = 0; for (i = 0; i < 5; i++) for (j = 0; j < 5; j++) if (i * j == (a & 15)) goto out; out: return i * 10 + j;"),
        .body("goto backwards", "int n = 0; again: n += 3; if (n < (a & 63)) goto again; return n;"),
        .body("goto into a block", "int n = a & 7; if (n > 3) goto in; n = 100; if (b) { n += 1; in: n += 2; } return n;"),
        .body("goto out of a statement expression", "long r = 1 + ({ if (a > 0) goto out; 5; }); return r; out: return -1;"),
        .body("return in a statement expression", "return ({ if (a < 0) return -7; a; }) + 1L;"),
        .body("computed goto", "static void *const t[] = { &&x, &&y }; (void)t; x: if (a) goto y; return 1; y: return 2;"),
        .body("local labels", "int n = 0; { __label__ l; if (a) goto l; n = 1; l: n += 10; } { __label__ l; if (b) goto l; n += 2; l: n += 20; } return n;"),
        .body("comma and conditional as statements", "long r = b; a ? (r++, r++) : (r--, (void)0); (void)(a, r = r * 3); return r;"),
        .body("conditional on void calls", "long r = 0; a ? @up(&r) : @down(&r); return r;", before: "static void @up(long *p) { *p += 5; } static void @down(long *p) { *p -= 5; }"),
        .body("break in a while condition's statement expression", "int i = 0; while (({ i++; i < (a & 15); })) { if (i == 9) break; } return i;"),
        .body("if with an assignment", "int r; if ((r = a & 12) != 0 && (r += 1)) return r; return -r;"),
        .body("logical operators with effects", "int n = 0; int x = (a && n++) || (b && ++n); return n * 10 + x;"),
        .body("not of a logical operator", "if (!(a && b) || !(a < b)) return 1; return 2;"),
        .body("attribute statements", "switch (a & 1) { case 0: b++; __attribute__((fallthrough)); case 1: b++; } return b;"),
        .body("shadowing", "int n = a; { long n = b; { char n = 3; b += n; } b += n; } return b + n;"),
        .body("asm that hides", "unsigned long v = b; asm ( \"\" : \"+r\" (v) ); long w; asm ( \"\" : \"=r\" (w) : \"0\" (v + 1) ); return w;"),
    ]

    static let conversions: [ConstructProgram] = [
        .body("narrow and widen", "return (signed char)b + (unsigned short)b + (short)b + (_Bool)b + (unsigned char)a;"),
        .body("sign of the common type", "unsigned int u = a; long l = b; return (u > l) + 2 * (u + l > 0) + 4 * (a < u) + 8 * ((unsigned short)a < a);"),
        .body("compound assignment computes wide", "unsigned char c = a; c += b; signed char d = 100; d *= a; short s = b; s >>= 3; s -= 5L; int i = a; i += b; return c + d * 1000L + s * 7L + i;"),
        .body("compound assignment of unsigned char by division", "unsigned char c = a; c /= -3; signed char d = b; d %= 7u; return c * 100L + d;"),
        .body("shift of a narrow type", "unsigned char c = a; int r = (c << 4) + (c >> 2); c <<= 3; short s = b; s <<= 2; return r * 1000L + c + s;"),
        .body("shift count of another type", "return (a << (b & 7L)) + ((b >> (unsigned char)(a & 31)) & 0xff) + (1UL << (a & 31));"),
        .body("bool arithmetic", "_Bool x = b; x += a; _Bool y = 4; y--; y--; _Bool z = x ^ y; z |= 2; return x + 2 * y + 4 * z;"),
        .body("increment of narrow types", "unsigned char c = 255; c++; signed char d = 127; d++; short s = a; short t = s++; _Bool q = 0; q++; q++; return c + d * 10L + t * 100L + s + q;"),
        .body("enumerations", "enum @e x = a; enum @p y = b & 1; return x + y + sizeof(x) + (y > -1) + (x > -1);", before: "enum @e { @M = -5, @N }; enum @p { @U, @V = 0xffffffffu };"),
        .body("pointers as numbers", "void *p = (void *)(long)a; return (unsigned long)p >= (unsigned long)-4095L ? (long)p : p ? 1 : 0;"),
        .body("pointer from a narrow number", "return (unsigned long)(void *)(unsigned long)(unsigned int)a + (unsigned long)(void *)(long)(signed char)a;"),
        .body("negative constants", "return a == -2147483647 - 1 ? 1 : b == (-9223372036854775807L - 1) ? 2 : a > -1u ? 3 : 'a' + '\\xff';"),
        .body("literals", "return 0x80000000 + 2147483648 + 010 + 'AB' + (0xffffffff > -1) + (4294967295 > -1) + 1ull + (1 ? -1 : 0u);"),
        .body("conditional of mixed types", "return (a ? -1 : 0u) + (b ? (short)-2 : 1L) + (a > 0 ? (_Bool)1 : (char)-1);"),
        .body("elvis", "int n = a; long r = (a ?: -1L) + ((unsigned char)b ?: 300) + (@count(&n) ?: 7); return r * 10 + n;", before: "static int @count(int *p) { return *p > 5 ? 0 : (*p)++; }"),
        .body("return narrows", "return @n(b) + @u(b) + @t(b);", before: "static signed char @n(long v) { return v; } static unsigned short @u(long v) { return v; } static _Bool @t(long v) { return v; }"),
        .body("arguments narrow", "return @n(b, b, b);", before: "static long @n(signed char a, unsigned int b, _Bool c) { return a + b + c; }"),
        .body("division", "return (b / 7) + (b % 7) * 1000 + (unsigned int)a / 3u + (a % 5) + (b | 1) / ((a & 15) + 1);"),
        .body("builtin expectations", "if (__builtin_expect(!!(b > 5), 0)) return 1; if (__builtin_expect(a, 1)) return 2; return __builtin_expect(b, 3) + 1;"),
        .body("conversion in a condition", "if ((unsigned char)b) return 1; if ((_Bool)(b & 0x100)) return 2; if ((int)b) return 3; if (!(short)a) return 4; return 5;"),
        .body("overflow wraps", "int x = a + a * 3; long y = b * b - 1; unsigned int z = a - 7u; return x + y + z + -a + ~b;"),
        .body("arithmetic with overflow checks", "int n; unsigned int u; short s; unsigned char c; long r = __builtin_add_overflow(a, (int)b, &n); r = r * 2 + __builtin_mul_overflow((unsigned int)a, (unsigned int)b, &u); r = r * 2 + __builtin_sub_overflow((unsigned int)a, (int)b, &s); r = r * 2 + __builtin_mul_overflow(a, (unsigned int)b, &c); r = r * 2 + __builtin_ssub_overflow(a, (int)b, &a); r = r * 2 + __builtin_umul_overflow(u, u, &u); return r * 7 + n + u * 3L + s * 5 + c * 11 + a;"),
        .body("sizeof, offsetof and alignof", "struct @s *p = 0; return sizeof(*p) + sizeof p->c + __builtin_offsetof(struct @s, d[1]) + _Alignof(long) + b;", before: "struct @s { char c[3]; long d[2]; };"),
        .body("generic selection and choose", "return _Generic(a, long: 1L, int: a, default: 3u) + _Generic(b, long: b, int: (short)1) + __builtin_choose_expr(sizeof(int) == 4, a, @undefined) + __builtin_types_compatible_p(typeof(a), int);", before: "extern int @undefined;"),
        .body("typeof", "typeof(a) x = b; typeof(&a) p = &x; const typeof(*p) y = *p + 1; return y;"),
        .body("builtin bit operations", "return __builtin_popcount(5) + __builtin_ffs(8) + __builtin_clzl(1) + a + __builtin_bswap32(1);"),
    ]
}
