import ArgumentParser

// ArgumentParser's own `main()` ends with 64 after a wrong argument; here everything that could not be done is 2.
Program.run(Array(CommandLine.arguments.dropFirst()))
