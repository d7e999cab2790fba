internal import CAssaySHA2

extension ManyBufferSHA256 {
    /// Which instructions compute the hash; all of them give the same digests.
    public enum Kernel: CaseIterable, Hashable, Sendable {
        /// C code for any processor.
        case portable
        /// The SHA extensions of x86-64.
        case shaNI
        /// The SHA2 instructions of the cryptographic extension of Armv8-A.
        case armSHA2

        /// The kernels that this processor has, the fastest last.
        public static let available: [Kernel] = allCases.filter(\.isAvailable)

        /// The fastest kernel that this processor has.
        public static var best: Kernel { available.last ?? .portable }

        /// Whether this processor has the kernel.
        public var isAvailable: Bool { assay_sha256_is_available(function) }

        /// How many interleaved messages are fastest.
        ///
        /// Measured with blocks of 4096 bytes on an AMD Zen 3 core, in GB/s with 1, 2, 3 and 4 lanes: portable 0.27,
        /// 0.27, 0.27 and 0.53; SHA-NI 1.6, 3.1, 3.3 and 3.4. The number for arm64 is not measured.
        public var preferredLanes: Int {
            switch self {
            case .portable: 4
            case .shaNI: 4
            case .armSHA2: 4
            }
        }

        var function: assay_sha256_kernel {
            switch self {
            case .portable: ASSAY_SHA256_PORTABLE
            case .shaNI: ASSAY_SHA256_SHA_NI
            case .armSHA2: ASSAY_SHA256_ARM_SHA2
            }
        }
    }
}
