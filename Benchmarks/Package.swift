// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "assay-benchmarks",
    dependencies: [
        .package(name: "assay", path: ".."),
        // Without the trait for jemalloc: allocation counts read 0, and nothing has to be installed.
        .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "Formats",
            dependencies: [
                .product(name: "AssayBytes", package: "assay"),
                .product(name: "AssayELF", package: "assay"),
                .product(name: "AssayKernelConfig", package: "assay"),
                .product(name: "AssayOpenPGP", package: "assay"),
                .product(name: "AssaySysctl", package: "assay"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Benchmarks/Formats",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
    ]
)
