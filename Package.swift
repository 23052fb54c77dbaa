// swift-tools-version: 6.1
import Foundation
import PackageDescription

/// libclang, found at manifest time so that plain `swift build` needs no environment variable.
///
/// 17 is the first release with `clang_getCursorBinaryOperatorKind`, without which operators cannot be told apart.
struct Libclang {
    static let oldestSupported = 17
    static let hint = "install libclang-19-dev (Debian 12) or any libclang-dev >= \(oldestSupported)"
    var prefix: String

    static func find() -> Libclang? {
        let files = FileManager.default
        let llvmRoots = ["/usr/lib", "/usr/local/lib", "/opt"]
        var candidates: [(version: Int, prefix: String)] = []
        for root in llvmRoots {
            for entry in (try? files.contentsOfDirectory(atPath: root)) ?? [] where entry.hasPrefix("llvm-") {
                guard let version = Int(entry.dropFirst("llvm-".count)), version >= oldestSupported else { continue }
                candidates.append((version, "\(root)/\(entry)"))
            }
        }
        return candidates.sorted { $0.version > $1.version }
            .first { files.fileExists(atPath: "\($0.prefix)/include/clang-c/Index.h")
                && files.fileExists(atPath: "\($0.prefix)/lib/libclang.so") }
            .map { Libclang(prefix: $0.prefix) }
    }
}

let libclang = Libclang.find()
if libclang == nil {
    FileHandle.standardError.write(Data("xenwidth: no libclang >= \(Libclang.oldestSupported): \(Libclang.hint)\n".utf8))
}
let clangSwift: [SwiftSetting] = libclang.map { [.unsafeFlags(["-Xcc", "-I\($0.prefix)/include"])] } ?? []
let clangLink: [LinkerSetting] = libclang.map {
    [.unsafeFlags(["-L\($0.prefix)/lib", "-lclang", "-Xlinker", "-rpath", "-Xlinker", "\($0.prefix)/lib"])]
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
        .target(name: "ProgramFuzzing", swiftSettings: strict),
        .target(
            name: "ValueAnalysis",
            dependencies: ["ProgramModel", "IntegerDomain", .product(name: "HashTreeCollections", package: "swift-collections")],
            swiftSettings: strict),
        .target(name: "Rules", dependencies: ["ValueAnalysis", "Yams"], swiftSettings: strict),
        .target(name: "Reports", dependencies: ["ValueAnalysis", "Rules"], swiftSettings: strict),
        .executableTarget(
            name: "xenwidth",
            dependencies: [
                "ClangAST", "XenTree", "Lowering", "ValueAnalysis", "Rules", "Reports",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict + clangSwift, linkerSettings: clangLink),
        .testTarget(name: "ClangASTTests", dependencies: ["ClangAST", "XenTree"], swiftSettings: strict + clangSwift),
        .testTarget(name: "XenTreeTests", dependencies: ["XenTree"], swiftSettings: strict),
        .testTarget(name: "ProgramModelTests", dependencies: ["ProgramModel"], swiftSettings: strict),
        .testTarget(name: "LoweringTests", dependencies: ["Lowering", "ProgramFuzzing"], swiftSettings: strict + clangSwift),
        .testTarget(name: "IntegerDomainTests", dependencies: ["IntegerDomain"], swiftSettings: strict),
        .testTarget(
            name: "ValueAnalysisTests", dependencies: ["ValueAnalysis", "Lowering", "ProgramFuzzing"], swiftSettings: strict + clangSwift),
        .testTarget(name: "RulesTests", dependencies: ["Rules"], swiftSettings: strict),
        .testTarget(name: "ReportsTests", dependencies: ["Reports"], swiftSettings: strict),
        .testTarget(name: "xenwidthTests", dependencies: ["xenwidth"], swiftSettings: strict + clangSwift),
    ]
)
