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
func test(_ path: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: path.split(separator: "/").last.map { "Assay\($0)Tests" } ?? path, dependencies: dependencies,
        path: "Tests/\(path)", exclude: exclude, swiftSettings: house)
}

/// A C library of the system, found with pkg-config.
func library(_ name: String, pkgConfig: String, package: String) -> Target {
    .systemLibrary(
        name: "C" + name, path: "Sources/Base/C\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

let package = Package(
    name: "assay",
    products: [
        .executable(name: "assay", targets: ["assay"]),
        .library(name: "AssayAccounts", targets: ["AssayAccounts"]),
        .library(name: "AssayAdvisories", targets: ["AssayAdvisories"]),
        .library(name: "AssayBootLoader", targets: ["AssayBootLoader"]),
        .library(name: "AssayBytes", targets: ["AssayBytes"]),
        .library(name: "AssayChecksumList", targets: ["AssayChecksumList"]),
        .library(name: "AssayCVSS", targets: ["AssayCVSS"]),
        .library(name: "AssayCWE", targets: ["AssayCWE"]),
        .library(name: "AssayCompression", targets: ["AssayCompression"]),
        .library(name: "AssayDebianArchive", targets: ["AssayDebianArchive"]),
        .library(name: "AssayELF", targets: ["AssayELF"]),
        .library(name: "AssayFileCapabilities", targets: ["AssayFileCapabilities"]),
        .library(name: "AssayFirewall", targets: ["AssayFirewall"]),
        .library(name: "AssayISO9660", targets: ["AssayISO9660"]),
        .library(name: "AssayJSON", targets: ["AssayJSON"]),
        .library(name: "AssayJSONSchema", targets: ["AssayJSONSchema"]),
        .library(name: "AssayKernelConfig", targets: ["AssayKernelConfig"]),
        .library(name: "AssayLUKS", targets: ["AssayLUKS"]),
        .library(name: "AssayMail", targets: ["AssayMail"]),
        .library(name: "AssayOpenPGP", targets: ["AssayOpenPGP"]),
        .library(name: "AssayPE", targets: ["AssayPE"]),
        .library(name: "AssayPackageDatabase", targets: ["AssayPackageDatabase"]),
        .library(name: "AssayPackageSources", targets: ["AssayPackageSources"]),
        .library(name: "AssayRPM", targets: ["AssayRPM"]),
        .library(name: "AssayRepositoryMetadata", targets: ["AssayRepositoryMetadata"]),
        .library(name: "AssayRootHashSignature", targets: ["AssayRootHashSignature"]),
        .library(name: "AssaySecurityModules", targets: ["AssaySecurityModules"]),
        .library(name: "AssaySecurityText", targets: ["AssaySecurityText"]),
        .library(name: "AssaySysctl", targets: ["AssaySysctl"]),
        .library(name: "AssaySystemd", targets: ["AssaySystemd"]),
        .library(name: "AssayTrustStore", targets: ["AssayTrustStore"]),
        .library(name: "AssayVerity", targets: ["AssayVerity"]),
        .library(name: "AssayVulnerabilityReport", targets: ["AssayVulnerabilityReport"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .target(name: "CAssayShims", path: "Sources/Base/CShims"),
        target("Base", "Bytes"),
        .target(name: "CAssaySHA2", path: "Sources/Base/CSHA2"),
        target("Base", "SHA2", ["CAssaySHA2"]),
        target("Base", "Parallel"),
        target("Base", "JSON", ["AssayBytes"]),
        target("Base", "Processes", [.product(name: "Subprocess", package: "swift-subprocess")]),
        target("Base", "FileSystem", ["AssayBytes", "CAssayShims"]),
        library("Zlib", pkgConfig: "zlib", package: "zlib1g-dev"),
        library("Lzma", pkgConfig: "liblzma", package: "liblzma-dev"),
        library("Zstd", pkgConfig: "libzstd", package: "libzstd-dev"),
        library("Lz4", pkgConfig: "liblz4", package: "liblz4-dev"),
        .target(name: "CAssayNetfilter", path: "Sources/Base/CNetfilter"),
        target("Base", "Netfilter", ["CAssayNetfilter"]),
        library("SQLite", pkgConfig: "sqlite3", package: "libsqlite3-dev"),
        target("Base", "SQLite", ["AssayBytes", "CSQLite"]),
        library("YAML", pkgConfig: "yaml-0.1", package: "libyaml-dev"),
        target("Base", "YAML", ["AssayBytes", "CYAML"]),
        target("Base", "Compression", ["AssayBytes", "CZlib", "CLzma", "CZstd", "CLz4"]),

        format("Accounts"),
        target(
            "Formats", "Advisories", ["AssayBytes", "AssayJSON"],
            resources: [.embedInCode("Schemas")]),
        format("BootLoader"),
        format("ChecksumList"),
        format("CVSS"),
        format("CWE"),
        format("DebianArchive"),
        format("ELF"),
        format("FileCapabilities"),
        format("Firewall"),
        format("ISO9660"),
        format("JSONSchema", ["AssayJSON"]),
        format("KernelConfig", ["AssayCompression"]),
        format("LUKS"),
        format(
            "OpenPGP",
            [
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ]),
        format("Mail"),
        format("PackageDatabase"),
        format("PackageSources"),
        format("PE"),
        format("RepositoryMetadata"),
        format("RPM"),
        format(
            "RootHashSignature",
            [
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ]),
        format("SecurityModules"),
        format("SecurityText"),
        format("Sysctl"),
        format("Systemd"),
        format(
            "TrustStore",
            [
                "AssayParallel",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ]),
        format("VulnerabilityReport", ["AssayYAML"]),
        format("Verity", ["AssaySHA2", .product(name: "Crypto", package: "swift-crypto")]),

        target("Subjects", "Subjects", ["AssayBytes", "AssayFileSystem", "AssayTrustStore"]),

        target("Facts", "Facts"),
        target(
            "Facts", "Collectors",
            [
                "AssayBytes", "AssayFileSystem", "AssayCompression", "AssaySQLite", "AssayNetfilter", "AssayFacts",
                "AssaySubjects", "AssayAccounts", "AssayBootLoader", "AssayELF", "AssayFileCapabilities",
                "AssayFirewall", "AssayKernelConfig", "AssayLUKS", "AssayPackageDatabase", "AssayPackageSources",
                "AssayPE", "AssaySecurityModules", "AssaySysctl", "AssaySystemd", "AssayTrustStore",
            ]),

        target("Judgement", "Findings"),
        target(
            "Judgement", "Policy", ["AssayBytes", "AssayFindings", "AssayYAML"],
            resources: [.embedInCode("Profiles")]),
        target("Judgement", "Checks", ["AssayFacts", "AssayFindings", "AssayPolicy"]),

        target("Reports", "Reports", ["AssayBytes", "AssayFindings", "AssayJSON"]),

        target(
            "Pipelines", "Pipelines",
            [
                "AssayBytes", "AssayFileSystem", "AssaySubjects", "AssayFacts", "AssayCollectors", "AssayFindings",
                "AssayPolicy", "AssayChecks", "AssayProcesses", "AssayRootHashSignature", "AssayVerity",
            ]),

        target(
            "Pipelines", "Verification",
            [
                "AssayBytes", "AssayCompression", "AssayFileSystem", "AssayFacts", "AssayCollectors", "AssayParallel",
                "AssayProcesses", "AssayChecksumList", "AssayDebianArchive", "AssayISO9660", "AssayOpenPGP",
                "AssayPackageSources",
                "AssayRPM", "AssayRepositoryMetadata", .product(name: "Crypto", package: "swift-crypto"),
            ]),

        target(
            "Pipelines", "Disclosure",
            [
                "AssayAdvisories", "AssayBytes", "AssayCVSS", "AssayCWE", "AssayFacts", "AssayFileSystem",
                "AssayFindings", "AssayJSON", "AssayJSONSchema", "AssayMail", "AssayOpenPGP", "AssayPackageDatabase",
                "AssayProcesses", "AssaySQLite", "AssaySecurityText", "AssayVulnerabilityReport",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),

        target(
            "Pipelines", "Trust",
            [
                "AssayBytes", "AssayFacts", "AssayFileSystem", "AssayParallel", "AssaySubjects", "AssayTrustStore",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),

        target("Interface", "Terminal"),
        target(
            "Interface", "Commands",
            [
                "AssayBytes", "AssayDisclosure", "AssayFacts", "AssayFindings", "AssayPolicy", "AssayPipelines",
                "AssayReports", "AssayTerminal", "AssayTrust", "AssayVerification",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "assay", dependencies: ["AssayCommands"], path: "Sources/Interface/assay", swiftSettings: house),

        .target(name: "AssayTestSupport", path: "Tests/TestSupport", swiftSettings: house),
        test("EndToEnd", ["AssayTestSupport", "assay"], exclude: ["Boot"]),
        test(
            "Differential/ELFTools", ["AssayTestSupport", "assay"],
            exclude: [
                "assay_verdicts.py", "compare.py", "corpus.py", "disagreements.json", "known-contradictions.json",
                "make-corpus.py", "tools.py", "usr.py",
            ]),
        test("Base/Bytes", ["AssayBytes"]),
        test(
            "Facts/Collectors",
            ["AssayBytes", "AssayFileSystem", "AssayCollectors", "AssayFacts", "AssaySubjects", "AssayTestSupport"]),
        test(
            "Pipelines/Pipelines",
            ["AssayFacts", "AssayFindings", "AssayPipelines", "AssayPolicy", "AssayTestSupport"]),
        test(
            "Pipelines/Verification",
            [
                "AssayBytes", "AssayFacts", "AssayFileSystem", "AssayOpenPGP", "AssayRPM", "AssayTestSupport",
                "AssayVerification",
            ], exclude: ["RPMPackages/signatures.tsv"]),
        test(
            "Pipelines/Trust",
            [
                "AssayBytes", "AssayCollectors", "AssayFacts", "AssayFileSystem", "AssayFindings", "AssayPipelines",
                "AssayPolicy", "AssaySubjects", "AssayTestSupport", "AssayTrust", "AssayTrustStore",
                "AssayVerification",
            ]),
        test("Judgement/Policy", ["AssayFindings", "AssayPolicy"]),
        test(
            "Judgement/Checks",
            ["AssayChecks", "AssayFacts", "AssayFindings", "AssayPolicy", "AssayTestSupport"]),
        test("Base/Compression", ["AssayBytes", "AssayCompression", "AssayTestSupport"]),
        test("Base/JSON", ["AssayJSON", "AssayTestSupport"]),
        test("Base/Parallel", ["AssayParallel"]),
        test("Base/SQLite", ["AssayBytes", "AssayPackageDatabase", "AssaySQLite", "AssayTestSupport"]),
        test("Formats/Accounts", ["AssayAccounts", "AssayBytes", "AssayTestSupport"]),
        test("Formats/Advisories", ["AssayAdvisories", "AssayJSON", "AssayTestSupport"]),
        test("Formats/ChecksumList", ["AssayBytes", "AssayChecksumList", "AssayTestSupport"]),
        test("Formats/CVSS", ["AssayCVSS", "AssayTestSupport", .product(name: "Crypto", package: "swift-crypto")]),
        test("Formats/CWE", ["AssayCWE", "AssayTestSupport"]),
        test("Formats/DebianArchive", ["AssayBytes", "AssayDebianArchive", "AssayTestSupport"]),
        test("Formats/ISO9660", ["AssayBytes", "AssayISO9660", "AssayTestSupport"]),
        test(
            "Formats/OpenPGP",
            [
                "AssayBytes", "AssayOpenPGP", "AssayTestSupport", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ]),
        test("Formats/RPM", ["AssayBytes", "AssayRPM", "AssayTestSupport"]),
        test("Formats/RepositoryMetadata", ["AssayBytes", "AssayRepositoryMetadata", "AssayTestSupport"]),
        test("Formats/JSONSchema", ["AssayAdvisories", "AssayJSON", "AssayJSONSchema", "AssayTestSupport"]),
        test("Formats/LUKS", ["AssayBytes", "AssayLUKS"]),
        test("Formats/Mail", ["AssayMail", "AssayTestSupport"]),
        test("Formats/PackageDatabase", ["AssayPackageDatabase"]),
        test("Formats/PackageSources", ["AssayPackageSources", "AssayTestSupport"]),
        test("Formats/SecurityModules", ["AssaySecurityModules", "AssayTestSupport"]),
        test("Formats/SecurityText", ["AssaySecurityText", "AssayTestSupport"]),
        test("Formats/Systemd", ["AssayBytes", "AssaySystemd", "AssayTestSupport"]),
        test(
            "Formats/TrustStore",
            [
                "AssayBytes", "AssayTestSupport", "AssayTrustStore",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        test("Subjects/Subjects", ["AssayFileSystem", "AssaySubjects", "AssayTestSupport", "AssayTrustStore"]),
        test(
            "Reports/Reports", ["AssayBytes", "AssayFindings", "AssayReports", "AssayTestSupport"], exclude: ["Golden"]),
        test("Interface/Terminal", ["AssayTerminal", "AssayTestSupport"]),
        test("Formats/BootLoader", ["AssayBootLoader", "AssayTestSupport"]),
        test("Formats/Firewall", ["AssayFirewall", "AssayNetfilter", "AssayTestSupport"]),
        test("Formats/Sysctl", ["AssaySysctl", "AssayTestSupport"]),
        test("Formats/ELF", ["AssayBytes", "AssayELF"], exclude: ["corpus.json"]),
        test("Formats/FileCapabilities", ["AssayBytes", "AssayFileCapabilities"]),
        test("Formats/KernelConfig", ["AssayBytes", "AssayCompression", "AssayKernelConfig", "AssayTestSupport"]),
        test("Formats/PE", ["AssayBytes", "AssayPE"]),
        test("Formats/RootHashSignature", ["AssayRootHashSignature", "AssayTestSupport"]),
        test(
            "Base/SHA2", ["AssaySHA2", "AssayTestSupport", .product(name: "Crypto", package: "swift-crypto")],
            exclude: ["cross.c"]),
        test("Formats/Verity", ["AssayBytes", "AssayTestSupport", "AssayVerity"]),
        test("Base/YAML", ["AssayYAML"]),
        test("Formats/VulnerabilityReport", ["AssayTestSupport", "AssayVulnerabilityReport"]),
        test(
            "Pipelines/Disclosure",
            ["AssayDisclosure", "AssayFacts", "AssayFindings", "AssayTestSupport", "AssayVulnerabilityReport"],
            exclude: ["Export/Golden"]),
        test("Base/FileSystem", ["AssayBytes", "AssayFileSystem", "AssayTestSupport"]),
    ]
)
