// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is built with.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// A target of the layer `layer`: the folder is `Sources/<layer>/<name>`, the module `Assay<name>`.
func target(
    _ layer: String, _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil
) -> Target {
    .target(
        name: "Assay" + name, dependencies: dependencies, path: "Sources/\(layer)/\(name)", resources: resources,
        swiftSettings: house)
}

/// A format: bytes in, value out.
func format(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    target("Formats", name, ["AssayBytes"] + dependencies)
}

/// A test target, in the folder that mirrors `Sources`.
func test(_ path: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .testTarget(
        name: path.split(separator: "/").last.map { "Assay\($0)Tests" } ?? path, dependencies: dependencies,
        path: "Tests/\(path)", resources: resources, swiftSettings: house)
}

let package = Package(
    name: "assay",
    targets: [
        .target(name: "CAssayShims", path: "Sources/Base/CShims"),
        target("Base", "Bytes"),
        target("Base", "FileSystem", ["AssayBytes", "CAssayShims"]),

        target("Subjects", "Subjects", ["AssayBytes", "AssayFileSystem"]),

        target("Facts", "Facts"),

        target("Judgement", "Findings"),
        target("Judgement", "Policy", ["AssayFindings"]),
        target("Judgement", "Checks", ["AssayFacts", "AssayFindings", "AssayPolicy"]),

        .target(name: "AssayTestSupport", path: "Tests/TestSupport", swiftSettings: house),
        test("Base/Bytes", ["AssayBytes"]),
        test("Base/FileSystem", ["AssayBytes", "AssayFileSystem", "AssayTestSupport"]),
    ]
)
