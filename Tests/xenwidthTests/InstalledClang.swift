import Testing

@testable import Application

/// The clang that `make setup` makes do with: of Debian, or the one that comes with Swift.
enum InstalledClang {
    static func path() throws -> String {
        try #require(
            ["clang-19", "clang"].lazy.compactMap(ProgramSearch.path(of:)).first, "no clang in PATH: run `make setup`")
    }
}
