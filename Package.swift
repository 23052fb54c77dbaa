// swift-tools-version: 6.1
import Foundation
import PackageDescription

/// libclang, found at manifest time so that plain `swift build` needs no environment variable.
///
/// 17 is the first release with `clang_getCursorBinaryOperatorKind`, without which operators cannot be told apart.
struct Libclang {
    static let oldestSupported = 17
    static let hint = "install libclang-19-dev (Debian 12) or any libclang-dev >= \(oldestSupported), or run `make setup`"
    var version: Int
    var include: String
    var libraries: String

    /// The newest one: those with an LLVM of their own (`/usr/lib/llvm-19`), else the one of the system.
    static func find() -> Libclang? {
        (versioned() + systemWide())
            .filter { $0.version >= oldestSupported && $0.isComplete }
            .max { $0.version < $1.version }
    }

    private var isComplete: Bool {
        ["\(include)/clang-c/Index.h", "\(libraries)/libclang.so"].allSatisfy(FileManager.default.fileExists)
    }

    private static func entries(_ directory: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: directory))?.sorted() ?? []
    }

    private static func versioned() -> [Libclang] {
        ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt"].flatMap { root in
            entries(root).filter { $0.hasPrefix("llvm") }.flatMap { name -> [Libclang] in
                guard let version = Int(name.drop { !$0.isNumber }) else { return [] }
                return ["lib", "lib64"].map {
                    Libclang(
                        version: version, include: "\(root)/\(name)/include", libraries: "\(root)/\(name)/\($0)")
                }
            }
        }
    }

    /// Where there is one LLVM only, the version is the name of its resource directory (`/usr/lib/clang/18`).
    private static func systemWide() -> [Libclang] {
        ["/usr", "/usr/local"].flatMap { prefix in
            ["lib", "lib64"].flatMap { library in
                entries("\(prefix)/\(library)/clang").compactMap { name in
                    Int(name.prefix { $0.isNumber }).map {
                        Libclang(version: $0, include: "\(prefix)/include", libraries: "\(prefix)/\(library)")
                    }
                }
            }
        }
    }
}

let libclang = Libclang.find()
if libclang == nil {
    FileHandle.standardError.write(Data("xenwidth: no libclang >= \(Libclang.oldestSupported): \(Libclang.hint)\n".utf8))
}
let clangSwift: [SwiftSetting] = libclang.map { [.unsafeFlags(["-Xcc", "-I\($0.include)"])] } ?? []
let clangLink: [LinkerSetting] = libclang.map {
    [.unsafeFlags(["-L\($0.libraries)", "-lclang", "-Xlinker", "-rpath", "-Xlinker", $0.libraries])]
} ?? []
let strict: [SwiftSetting] = [.swiftLanguageMode(.v6)]

let package = Package(
    name: "xenwidth",
    products: [.executable(name: "xenwidth", targets: ["xenwidth"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibclang"),
        .target(name: "ClangAST", dependencies: ["CLibclang"], swiftSettings: strict + clangSwift, linkerSettings: clangLink),
        .target(name: "XenTree", swiftSettings: strict),
        .target(name: "ProgramModel", swiftSettings: strict),
        .target(name: "Lowering", dependencies: ["ClangAST", "ProgramModel"], swiftSettings: strict + clangSwift),
        .target(name: "IntegerDomain", swiftSettings: strict),
        .target(
            name: "ValueAnalysis",
            dependencies: ["ProgramModel", "IntegerDomain", .product(name: "HashTreeCollections", package: "swift-collections")],
            swiftSettings: strict),
        .target(name: "Rules", dependencies: ["ValueAnalysis", "Yams"], swiftSettings: strict),
        .target(name: "Reports", dependencies: ["ValueAnalysis", "Rules"], swiftSettings: strict),
        .target(
            name: "Application",
            dependencies: ["ClangAST", "XenTree", "ProgramModel", "Lowering", "ValueAnalysis", "Rules", "Reports"],
            swiftSettings: strict + clangSwift),
        .executableTarget(
            name: "xenwidth",
            dependencies: [
                "Application", "XenTree", "ValueAnalysis", "Rules", "Reports",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict + clangSwift, linkerSettings: clangLink),
        .target(name: "ProgramFuzzing", swiftSettings: strict),
        .target(
            name: "SoundnessFuzzing", dependencies: ["ProgramFuzzing", "ProgramModel", "Lowering", "ValueAnalysis"],
            swiftSettings: strict + clangSwift),
        .executableTarget(
            name: "xenwidth-fuzz",
            dependencies: [
                "ProgramFuzzing", "SoundnessFuzzing", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict + clangSwift, linkerSettings: clangLink),
        .testTarget(name: "ClangASTTests", dependencies: ["ClangAST", "XenTree"], swiftSettings: strict + clangSwift),
        .testTarget(name: "XenTreeTests", dependencies: ["XenTree"], swiftSettings: strict),
        .testTarget(name: "ProgramModelTests", dependencies: ["ProgramModel"], swiftSettings: strict),
        .testTarget(name: "LoweringTests", dependencies: ["Lowering", "ProgramFuzzing"], swiftSettings: strict + clangSwift),
        .testTarget(name: "IntegerDomainTests", dependencies: ["IntegerDomain"], swiftSettings: strict),
        .testTarget(
            name: "ValueAnalysisTests", dependencies: ["ValueAnalysis", "Lowering", "Rules", "ProgramFuzzing", "SoundnessFuzzing"],
            swiftSettings: strict + clangSwift),
        .testTarget(name: "RulesTests", dependencies: ["Rules"], swiftSettings: strict),
        .testTarget(name: "ReportsTests", dependencies: ["Reports"], swiftSettings: strict),
        .testTarget(
            name: "xenwidthTests", dependencies: ["xenwidth", "Application", "Reports", "Yams"], swiftSettings: strict + clangSwift),
    ]
)
