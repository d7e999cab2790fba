// Compressed once with the Debian 12 tools named beside each; `CompressionFixture.text` is what comes out.

import AssayBytes
import AssayCompression
import Testing

/// Compressed bytes and how they were made.
struct CompressionFixture: Sendable, CustomTestStringConvertible {
    let format: CompressionFormat
    let command: String
    let hex: String

    var testDescription: String { command }
    var bytes: [UInt8] { Hex.decode(hex) ?? [] }

    /// What every fixture decompresses to.
    static let text = Array((0..<40).map { "line \($0) of a text that compresses\n" }.joined().utf8)

    static let all: [CompressionFixture] = [
        CompressionFixture(
            format: .gzip, command: "gzip -n -9",
            hex: """
                1f8b080000000000020385d3c10dc2401403d13b55fc12b00d01ca89d022901282d83d503ea201e63ea7277b793c5bed\
                6bbbd55ca37d468dfb3ceabaadaf77ebbdf5ddf20b4481290805070a8e144c149c283853704128a6444b21a65053c829\
                f414820a4585a44253a3a9799f686a34359a1a4d8da64653a3a9d134681a340d9f1e4d83a641d3a069d034689a7fa65f\
                a79faee546050000
                """),
        CompressionFixture(
            format: .zlib, command: "python3 zlib.compress(text, 9)",
            hex: """
                78da85d3c10dc2401403d13b55fc12b00d01ca89d022901282d83d503ea201e63ea7277b793c5bed6bbbd55ca37d468d\
                fb3ceabaadaf77ebbdf5ddf20b4481290805070a8e144c149c283853704128a6444b21a65053c829f414820a4585a442\
                53a3a9799f686a34359a1a4d8da64653a3a9d134681a340d9f1e4d83a641d3a069d034689a7fa65f6734d570
                """),
        CompressionFixture(
            format: .deflate, command: "the same without its first two and last four bytes",
            hex: """
                85d3c10dc2401403d13b55fc12b00d01ca89d022901282d83d503ea201e63ea7277b793c5bed6bbbd55ca37d468dfb3c\
                eabaadaf77ebbdf5ddf20b4481290805070a8e144c149c283853704128a6444b21a65053c829f414820a4585a44253a3\
                a9799f686a34359a1a4d8da64653a3a9d134681a340d9f1e4d83a641d3a069d034689a7fa65f
                """),
        CompressionFixture(
            format: .xz, command: "xz --check=crc32 --x86 --lzma2=dict=64KiB (as the kernel makes it)",
            hex: """
                fd377a585a0000016922de360201040021010800d2b974cbe0054500785d00361a4a1f08a026034d069defed8ca13fc8\
                38cf6d852f980554f757cd5f5ad5a1ad989dd3c1b93cb84af6118ff39ff435b1ce32ff0ccf57c90120f6c55a7189075a\
                2e66d6e3d31772ad1cb94bc2e189a149802cf82db516d1b0c0c4daa7c7985612b0cf96fba5f0f597455ec1b390655dd6\
                5ee824709cbfaa00a79faee500019001c60a000022dfe2bd3e300d8b020000000001595a
                """),
        CompressionFixture(
            format: .xz, command: "xz -9 (64 MiB of dictionary)",
            hex: """
                fd377a585a000004e6d6b446020021011c00000010cf58cce0054500785d00361a4a1f08a026034d069defed8ca13fc8\
                38cf6d852f980554f757cd5f5ad5a1ad989dd3c1b93cb84af6118ff39ff435b1ce32ff0ccf57c90120f6c55a7189075a\
                2e66d6e3d31772ad1cb94bc2e189a149802cf82db516d1b0c0c4daa7c7985612b0cf96fba5f0f597455ec1b390655dd6\
                5ee824709cbfaa00565db3a0d370960f00019401c60a0000349d7326b1c467fb020000000004595a
                """),
        CompressionFixture(
            format: .lzma, command: "xz --format=lzma -0",
            hex: """
                5d00000400ffffffffffffffff00361a4a1f08a026034d069defed8ca13fc838cf6d852f980554f757cd5f5ad5a1ad98\
                9dd3c1b93cb84af6118ff39ff435b1ce32ff0ccf57c90120f88801e5cedcf3ccf2604b8b91cd6a0536e04d4cf78d831b\
                312e85a328639a23e45142e6a8825990b62153c200e609b8275250b3b7b622b1f8aab997bffc4bde60
                """),
        CompressionFixture(
            format: .zstd, command: "zstd -19 --check",
            hex: """
                28b52ffd046855030082c40e15904d0760290c3b592ee8dd9de0a39194145c9f8312ffffffbf6ddbb6ddb66ddb1e4641\
                0cc25d60d95a063d8d427849395e64c7c44431a0390b1328a811f0ebff1b80334a0f113404ff3f43f0f90127617fa595\
                ab4ce529a51c25949f74729152f5324280a806f473acfc
                """),
        CompressionFixture(
            format: .zstd, command: "zstd --ultra -22 --no-check --long=27 from a pipe (128 MiB of window)",
            hex: """
                28b52ffd008855030082c40e15904d0760290c3b592ee8dd9de0a39194145c9f8312ffffffbf6ddbb6ddb66ddb1e4641\
                0cc25d60d95a063d8d427849395e64c7c44431a0390b1328a811f0ebff1b80334a0f113404ff3f43f0f90127617fa595\
                ab4ce529a51c25949f74729152f5324280a806
                """),
        CompressionFixture(
            format: .lz4, command: "lz4 -9 --content-size -BX",
            hex: """
                04224d187440bdea000000f1126c696e652030206f6620612074657874207468617420636f6d707265737365730a2100\
                1f3121000d1f3221000d1f3321000d1f3421000d1f3521000d1f3621000d1f3721000d1f3821000d1f3929010e0f4b01\
                0f0f4c010e1f314d010e1f314e010e1f314f010e1f3150010e1f3151010e1f3152010e1f3153010e1f3154010e1f3254\
                010e1f32a0020f0f54010e1f3254010e1f3254010e1f3254010e1f3254010e1f3254010e1f3254010e1f3254010e1f33\
                54010e1f3354010e1f33f5030f0f54010e1f3354010e1f3354010e1f3354010e1f3354010e1f3354010e1f3354010450\
                737365730af363e59b00000000e75ccd36
                """),
        CompressionFixture(
            format: .lz4Legacy, command: "lz4 -l -9",
            hex: """
                02214c18ea000000f1126c696e652030206f6620612074657874207468617420636f6d707265737365730a21001f3121\
                000d1f3221000d1f3321000d1f3421000d1f3521000d1f3621000d1f3721000d1f3821000d1f3929010e0f4b010f0f4c\
                010e1f314d010e1f314e010e1f314f010e1f3150010e1f3151010e1f3152010e1f3153010e1f3154010e1f3254010e1f\
                32a0020f0f54010e1f3254010e1f3254010e1f3254010e1f3254010e1f3254010e1f3254010e1f3254010e1f3354010e\
                1f3354010e1f33f5030f0f54010e1f3354010e1f3354010e1f3354010e1f3354010e1f3354010e1f3354010450737365\
                730a
                """),
    ]
}
