import Testing

/// The same tree gives the same bytes.
@Suite struct DeterminismTests {
    @Test(arguments: MiniXen.Architecture.allCases)
    func jobsChangeNothing(architecture: MiniXen.Architecture) throws {
        try MiniXen.withBuild(architecture) { tree in
            for command in [
                ["audit", "--format", "json"], ["audit", "--format", "text"], ["lint", "--format", "sarif"],
                ["lint", "--format", "json"], ["handlers"], ["handlers", "--format", "json"],
            ] {
                let runs = try ["1", "2", "2", "5"].map { jobs in
                    try Program.run(command + [tree.root.path, "--jobs", jobs, "--quiet"])
                }
                #expect(runs[0].output.count > 100)
                for run in runs.dropFirst() {
                    #expect(run.output == runs[0].output, "\(command)")
                    #expect(run.status == runs[0].status)
                }
            }
        }
    }
}
