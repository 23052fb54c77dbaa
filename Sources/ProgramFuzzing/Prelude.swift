/// Macros and small functions in the styles that hypervisors have, which every generated program may use.
enum Prelude {
    /// Locals are a letter and a number; compilers for 32-bit x86 define one such name in their GNU modes.
    static let text = """
        #undef i386
        #define @likely(x) __builtin_expect(!!(x), 1)
        #define @unlikely(x) __builtin_expect(!!(x), 0)
        #define @min(x, y) ({ const typeof(x) _x = (x); const typeof(y) _y = (y); _x < _y ? _x : _y; })
        #define @max(x, y) ({ const typeof(x) _x = (x); const typeof(y) _y = (y); _x > _y ? _x : _y; })
        #define @min_t(T, x, y) ({ T __x = (x); T __y = (y); __x < __y ? __x : __y; })
        #define @clamp_t(T, v, lo, hi) @min_t(T, @max_t(T, v, lo), hi)
        #define @max_t(T, x, y) ({ T m__x = (x); T m__y = (y); m__x > m__y ? m__x : m__y; })
        #define @count_of(a) (sizeof(a) / sizeof(*(a)))
        #define @field_of(v, m) (((v) & (m)) / ((m) & -(m)))
        #define @fits(T, x) ((x) == (T)(x))
        #define @hide(v) ({ unsigned long h_ = (v); asm ( "" : "+r" (h_) ); h_; })
        #define @launder(v) ({ unsigned long l_; asm ( "" : "=r" (l_) : "0" ((unsigned long)(v)) ); l_; })
        #define @container(p, T, m) ((T *)((char *)(p) - __builtin_offsetof(T, m)))
        #define @kind(x) _Generic((x), int: 1, unsigned int: 2, long: 3, unsigned long: 4, default: 5)
        #define @ERROR 22
        static inline void *@err_ptr(long error) { return (void *)error; }
        static inline long @ptr_err(const void *pointer) { return (long)pointer; }
        static inline int @is_err(const void *pointer) { return (unsigned long)pointer >= (unsigned long)-4095L; }
        enum @level { @LOW = -3, @MIDDLE = 7, @HIGH = 4000 };
        static unsigned long @trace;
        """

    /// One statement for each line, so that a small program keeps only what it uses. The checksum stays.
    static var statements: [CStatement] {
        text.split(separator: "\n").map { CStatement(String($0), isRemovable: false) }
    }

    private static let lines = Set(text.split(separator: "\n").map(String.init))

    static func contains(_ line: String) -> Bool { lines.contains(line) }

    /// The names that a line of the prelude defines; none for any other text.
    static func names(definedBy line: String) -> [String] {
        guard lines.contains(line), !line.contains("@trace") else { return [] }
        let names = line.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "@") }.filter { $0.hasPrefix("@") }
        return line.hasPrefix("enum") ? names.map(String.init) : names.prefix(1).map(String.init)
    }
}
