/// The C program around generated programs: calls each with its inputs and prints results.
///
/// It needs no C library, so that 32-bit programs run where only the 64-bit one is installed.
enum NativeDriver {
    static let flags32 = ["-m32", "-ffreestanding", "-nostdlib", "-static", "-fno-pie", "-fno-stack-protector"]

    static func source(_ programs: [GeneratedProgram], inputs: [[[UInt64]]]) -> String {
        var text = ""
        for (number, program) in programs.enumerated() { text += program.source(prefix: "p\(number)_") }
        text += support
        var calls = ""
        for (number, (program, lists)) in zip(programs, inputs).enumerated() {
            text += table(number, program, lists)
            calls += "    run\(number)();\n"
        }
        return text + entry(calls)
    }

    private static func table(_ number: Int, _ program: GeneratedProgram, _ lists: [[UInt64]]) -> String {
        let prefix = "p\(number)_"
        let width = program.parameters.count
        let rows = lists.map { "{ " + $0.map { "\($0)ULL" }.joined(separator: ", ") + " }" }.joined(separator: ",\n    ")
        let arguments = program.parameters.indices
            .map { "(\(program.parameters[$0].rawValue))in[i][\($0)]" }.joined(separator: ", ")
        return """
            static void run\(number)(void)
            {
                static const unsigned long long in[][\(width)] = {
                \(rows) };
                for (unsigned int i = 0; i < \(lists.count); i++) {
                    \(prefix)reset();
                    drv_guard();
                    long long value = \(prefix)handler(\(arguments));
                    drv_line(value, \(prefix)trace);
                }
            }

            """
    }

    private static let support = """
        static char drv_buffer[1 << 16];
        static unsigned int drv_used;
        static long drv_write(const char *text, unsigned long size)
        {
            long result;
        #ifdef __x86_64__
            asm volatile ( "syscall" : "=a" (result) : "0" (1L), "D" (1L), "S" (text), "d" (size) : "rcx", "r11", "memory" );
        #elif defined(__i386__)
            asm volatile ( "int $0x80" : "=a" (result) : "0" (4), "b" (1), "c" (text), "d" (size) : "memory" );
        #else
            extern long write(int, const void *, unsigned long);
            result = write(1, text, size);
        #endif
            return result;
        }
        static void drv_flush(void)
        {
            unsigned int done = 0;
            while (done < drv_used) {
                long count = drv_write(drv_buffer + done, drv_used - done);
                if (count <= 0) break;
                done += count;
            }
            drv_used = 0;
        }
        static void drv_hex(unsigned long long value, char end)
        {
            for (int shift = 60; shift >= 0; shift -= 4)
                drv_buffer[drv_used++] = "0123456789abcdef"[(value >> shift) & 15];
            drv_buffer[drv_used++] = end;
        }
        static void drv_line(long long value, unsigned long long trace)
        {
            drv_hex(value, ' ');
            drv_hex(trace, '\\n');
        }
        static void drv_guard(void) { if (drv_used > sizeof(drv_buffer) - 64) drv_flush(); }

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
        \(calls)    drv_flush();
            asm volatile ( "int $0x80" : : "a" (1), "b" (0) );
        }
        asm ( ".globl _start\\n_start: and $-16, %esp\\n call start_c" );
        #else
        int main(void)
        {
        \(calls)    drv_flush();
            return 0;
        }
        #endif

        """
    }
}
