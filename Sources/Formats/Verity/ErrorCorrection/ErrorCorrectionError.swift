/// Why error correction data could not be made, read or used.
public struct ErrorCorrectionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides by it.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The code's stable name.
        public let description: String

        /// The block size is no power of two from 512 to 524,288.
        public static let badBlockSize = Code(description: "badBlockSize")
        /// The number of roots is outside 2...24.
        public static let badRoots = Code(description: "badRoots")
        /// There are no data blocks.
        public static let noData = Code(description: "noData")
        /// The hash area begins behind the end of its device, or behind the parity that stands on the same device.
        public static let badHashArea = Code(description: "badHashArea")
        /// A size or position does not fit in 63 bits.
        public static let tooLarge = Code(description: "tooLarge")
        /// The message (data and hash area) has another size than the geometry says, or ends while it is read.
        public static let messageSize = Code(description: "messageSize")
        /// The parity ends before all codewords have theirs.
        public static let parityTruncated = Code(description: "parityTruncated")
        /// The ranges of known bad blocks are not sorted, overlap, or lie outside the message.
        public static let badErasures = Code(description: "badErasures")
    }

    /// What went wrong.
    public let code: Code
    /// The sentence for people.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
