import ArgumentParser
import Foundation

// Swift takes the arguments from there; without them every run would be a cheerful page of help, and every gate open.
if CommandLine.argc == 0 || access("/proc/self/cmdline", R_OK) != 0 {
    FileHandle.standardError.write(Data("xenwidth: error: /proc is not mounted: mount -t proc proc /proc\n".utf8))
    exit(Status.impossible.rawValue)
}
// ArgumentParser's own `main()` ends with 64 after a wrong argument; here everything that could not be done is 2.
Program.run(Array(CommandLine.arguments.dropFirst()))
