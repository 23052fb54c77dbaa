import Foundation

/// The C program around generated programs: calls each with its inputs and prints results.
///
/// Arguments come from standard input and results go to standard output, as words of 64 bits: compiled into the program,
/// they took longer than the program itself. It needs no C library, so that 32-bit programs run where only the 64-bit one is installed.
enum NativeDriver {
    static let flags32 = ["-m32", "-ffreestanding", "-nostdlib", "-static", "-fno-pie", "-fno-stack-protector"]

    /// Seconds after which the machine ends a run (`alarm`): generated programs end, shrunk ones may not.
    static let timeLimit = 20

    static func source(_ programs: [GeneratedProgram], inputs: [[[UInt64]]]) -> String {
        var text = ""
        for (number, program) in programs.enumerated() { text += program.source(prefix: "p\(number)_") }
        text += support
        var calls = ""
        for (number, (program, lists)) in zip(programs, inputs).enumerated() {
            text += caller(number, program, lists.count)
            calls += "    run\(number)();\n"
        }
        return text + entry(calls)
    }

    private static func caller(_ number: Int, _ program: GeneratedProgram, _ runs: Int) -> String {
        let prefix = "p\(number)_"
        let width = program.parameters.count
        let arguments = program.parameters.indices
            .map { "(\(program.parameters[$0].rawValue))in[\($0)]" }.joined(separator: ", ")
        return """
            static void run\(number)(void)
            {
                unsigned long long in[\(width)];
                for (unsigned int i = 0; i < \(runs); i++) {
                    for (unsigned int k = 0; k < \(width); k++) in[k] = drv_next();
                    \(prefix)reset();
                    long long value = \(prefix)handler(\(arguments));
                    drv_put(value, \(prefix)trace);
                }
            }

            """
    }

    /// The arguments as the program reads them.
    static func bytes(of inputs: [[[UInt64]]]) -> Data {
        var data = Data(capacity: inputs.reduce(0) { $0 + $1.count * 32 })
        for list in inputs.joined() { for word in list { withUnsafeBytes(of: word) { data.append(contentsOf: $0) } } }
        return data
    }

    private static let support = """
        static unsigned long long drv_out[4096], drv_in[4096];
        static unsigned int drv_used, drv_have, drv_at;
        static long drv_call(int number32, int number64, long a, void *b, unsigned long c)
        {
            long result;
        #ifdef __x86_64__
            asm volatile ( "syscall" : "=a" (result) : "0" ((long)number64), "D" (a), "S" (b), "d" (c) : "rcx", "r11", "memory" );
        #elif defined(__i386__)
            asm volatile ( "int $0x80" : "=a" (result) : "0" (number32), "b" (a), "c" (b), "d" (c) : "memory" );
        #else
            extern long write(int, const void *, unsigned long), read(int, void *, unsigned long);
            extern unsigned int alarm(unsigned int);
            result = number32 == 4 ? write(a, b, c) : number32 == 3 ? read(a, b, c) : alarm(a);
        #endif
            return result;
        }
        static void drv_flush(void)
        {
            unsigned long done = 0, size = drv_used * sizeof(*drv_out);
            while (done < size) {
                long count = drv_call(4, 1, 1, (char *)drv_out + done, size - done);
                if (count <= 0) break;
                done += count;
            }
            drv_used = 0;
        }
        static void drv_put(unsigned long long value, unsigned long long trace)
        {
            if (drv_used + 2 > sizeof(drv_out) / sizeof(*drv_out)) drv_flush();
            drv_out[drv_used++] = value;
            drv_out[drv_used++] = trace;
        }
        static unsigned long long drv_next(void)
        {
            if (drv_at == drv_have) {
                long count = drv_call(3, 0, 0, drv_in, sizeof(drv_in));
                if (count < 8) __builtin_trap();
                drv_have = count / 8;
                drv_at = 0;
            }
            return drv_in[drv_at++];
        }

        """

    private static func entry(_ calls: String) -> String {
        """
        #ifdef __i386__
        void *memcpy(void *to, const void *from, unsigned int n)
        { for (unsigned int i = 0; i < n; i++) ((volatile char *)to)[i] = ((char *)from)[i]; return to; }
        void *memset(void *to, int byte, unsigned int n)
        { for (unsigned int i = 0; i < n; i++) ((volatile char *)to)[i] = byte; return to; }
        void *memmove(void *to, const void *from, unsigned int n)
        {
            if ((char *)to < (char *)from) return memcpy(to, from, n);
            while (n--) ((volatile char *)to)[n] = ((char *)from)[n];
            return to;
        }
        unsigned long long __udivmoddi4(unsigned long long a, unsigned long long b, unsigned long long *r)
        {
            unsigned long long q = 0, rest = 0;
            for (int i = 63; i >= 0; i--) {
                int carry = rest >> 63;
                rest = rest << 1 | (a >> i & 1);
                if (carry || rest >= b) { rest -= b; q |= 1ULL << i; }
            }
            if (r) *r = rest;
            return q;
        }
        unsigned long long __udivdi3(unsigned long long a, unsigned long long b) { return __udivmoddi4(a, b, 0); }
        unsigned long long __umoddi3(unsigned long long a, unsigned long long b)
        { unsigned long long r; __udivmoddi4(a, b, &r); return r; }
        long long __divdi3(long long a, long long b)
        {
            unsigned long long q = __udivmoddi4(a < 0 ? -(unsigned long long)a : a, b < 0 ? -(unsigned long long)b : b, 0);
            return (a < 0) != (b < 0) ? -q : q;
        }
        long long __moddi3(long long a, long long b)
        {
            unsigned long long r;
            __udivmoddi4(a < 0 ? -(unsigned long long)a : a, b < 0 ? -(unsigned long long)b : b, &r);
            return a < 0 ? -r : r;
        }
        void start_c(void)
        {
            drv_call(27, 37, \(timeLimit), 0, 0);
        \(calls)    drv_flush();
            asm volatile ( "int $0x80" : : "a" (1), "b" (0) );
        }
        asm ( ".globl _start\\n_start: and $-16, %esp\\n call start_c" );
        #else
        int main(void)
        {
            drv_call(27, 37, \(timeLimit), 0, 0);
        \(calls)    drv_flush();
            return 0;
        }
        #endif

        """
    }
}
