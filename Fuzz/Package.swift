// swift-tools-version: 6.2
import PackageDescription

/// One fuzz target: the folder and the executable have the parser's name.
func fuzzer(_ name: String, _ modules: [String], _ others: [Target.Dependency] = []) -> Target {
    .executableTarget(
        name: name,
        dependencies: ["FuzzSupport"] + modules.map { .product(name: $0, package: "assay") } + others,
        swiftSettings: [
            .swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error),
            // `main` comes from libFuzzer.
            .unsafeFlags(["-parse-as-library"]),
        ])
}

let fuzzers = [
    fuzzer("ELF", ["AssayBytes", "AssayELF"]),
    fuzzer("KernelConfig", ["AssayKernelConfig"]),
    fuzzer("KernelImage", ["AssayBytes", "AssayCompression", "AssayKernelConfig"]),
    fuzzer("Compression", ["AssayBytes", "AssayCompression"]),
    fuzzer("SysctlFile", ["AssaySysctl"]),
    fuzzer("SysctlPlan", ["AssaySysctl"]),
    fuzzer("GrubConfiguration", ["AssayBootLoader"]),
    fuzzer("GrubEnvironment", ["AssayBootLoader"]),
    fuzzer("BootLoaderText", ["AssayBootLoader"]),
    fuzzer("Nftables", ["AssayFirewall"]),
    fuzzer("IPTablesSave", ["AssayFirewall"]),
    fuzzer("Netlink", ["AssayFirewall"]),
    fuzzer("LegacyTable", ["AssayFirewall"]),
    fuzzer("FirewallFiles", ["AssayFirewall"]),
    fuzzer("ServiceScript", ["AssayFirewall"]),
    fuzzer("SystemdUnit", ["AssaySystemd"]),
    fuzzer("SystemdConfiguration", ["AssayBytes", "AssaySystemd"]),
    fuzzer("PAM", ["AssayAccounts"]),
    fuzzer("Accounts", ["AssayAccounts"]),
    fuzzer("SSHD", ["AssayAccounts"]),
    fuzzer("RPMRepositories", ["AssayPackageSources"]),
    fuzzer("AptSources", ["AssayPackageSources"]),
    fuzzer("DpkgStatus", ["AssayPackageDatabase"]),
    fuzzer("RPMHeader", ["AssayPackageDatabase"]),
    fuzzer("LUKS", ["AssayLUKS"]),
    fuzzer("PE", ["AssayBytes", "AssayPE"]),
    fuzzer("SecurityModules", ["AssaySecurityModules"]),
    fuzzer("FileCapabilities", ["AssayFileCapabilities"]),
    fuzzer("EscapedText", ["AssayBytes"]),
    fuzzer("Superblock", ["AssayVerity"]),
    fuzzer("HashTree", ["AssayBytes", "AssayVerity"], [.product(name: "Crypto", package: "swift-crypto")]),
    fuzzer("ErrorCorrection", ["AssayBytes", "AssayVerity"]),
    fuzzer("RootHashSignature", ["AssayRootHashSignature"]),
    fuzzer("OpenPGPSignature", ["AssayOpenPGP"]),
    fuzzer("OpenPGPKeyring", ["AssayOpenPGP"]),
    fuzzer("CleartextMessage", ["AssayOpenPGP"]),
    fuzzer("RPMFile", ["AssayBytes", "AssayRPM"]),
    fuzzer("RepositoryIndex", ["AssayRepositoryMetadata"]),
    fuzzer("PackageList", ["AssayRepositoryMetadata"]),
    fuzzer("ISO9660", ["AssayBytes", "AssayISO9660"]),
    fuzzer("ChecksumList", ["AssayBytes", "AssayChecksumList"]),
    fuzzer("DebianPackage", ["AssayBytes", "AssayDebianArchive"]),
    fuzzer("TarArchive", ["AssayBytes", "AssayDebianArchive"]),
    fuzzer("ReleaseFile", ["AssayDebianArchive"]),
    fuzzer("PackagesFile", ["AssayDebianArchive"]),
    fuzzer("AptListName", ["AssayDebianArchive"]),
    fuzzer("TrustSource", ["AssayTrustStore"]),
    fuzzer("StoreOutputs", ["AssayTrustStore"]),
    fuzzer("StoreManifest", ["AssayTrustStore"]),
]

let package = Package(
    name: "assay-fuzz",
    products: fuzzers.map { .executable(name: "fuzz-" + $0.name, targets: [$0.name]) },
    dependencies: [
        .package(name: "assay", path: ".."),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: fuzzers + [
        .target(
            name: "FuzzSupport", dependencies: [.product(name: "AssayBytes", package: "assay")],
            swiftSettings: [.swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error)])
    ]
)
