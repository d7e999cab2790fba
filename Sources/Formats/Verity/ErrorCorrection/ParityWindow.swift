import AssayBytes

/// The parity of a run of neighbouring codewords, computed from the message in bounded memory.
///
/// The message is read row by row, a few rows at a time, in runs as long as the window is wide; the encoders' registers
/// stay in memory between the rows. Nothing of the message is kept.
struct ParityWindow {
    /// The rows read before the encoders run: so their registers are loaded and stored less often.
    static let rowsAtOnce = 8
    /// What one window may take up in memory, and all together.
    static let memory = 16 << 20
    /// The widest window: longer reads gain nothing, and the registers leave the cache.
    static let greatestWidth = 64 << 10

    /// The parity of the codewords of the last `compute`, codeword after codeword.
    private(set) var parity: [UInt8]
    /// The codewords that fit.
    private let width: Int
    /// The bytes from one row or register to the next: not a power of two, or all of them would compete for one cache set.
    private let pitch: Int

    private let geometry: ErrorCorrectionGeometry
    private var kernel: ParityKernel
    private var rows: [UInt8]
    private var state: [UInt8]

    /// The width that keeps `workers` windows, and the stored parity beside each, in the memory allowed: a part or a
    /// multiple of a block, and a multiple of the lanes.
    static func width(geometry: ErrorCorrectionGeometry, workers: Int) -> Int {
        // Per codeword: the rows, the registers, the parity made of them, and the parity read to compare with.
        let bytes = rowsAtOnce + 3 * geometry.roots
        let most = min(greatestWidth, memory / max(1, workers) / bytes)
        let share = Int(clamping: geometry.rounds / UInt64(max(1, workers)) + 1)
        guard geometry.blockSize <= most else {
            // The greatest power of two in `most` divides the block size, a power of two that is greater.
            return 1 << (Int.bitWidth - 1 - most.leadingZeroBitCount)
        }
        return min(most / geometry.blockSize, share) * geometry.blockSize
    }

    init(geometry: ErrorCorrectionGeometry, width: Int) {
        self.geometry = geometry
        self.width = width
        pitch = width + 64
        kernel = ParityKernel(code: geometry.code)
        rows = [UInt8](repeating: 0, count: Self.rowsAtOnce * pitch)
        state = [UInt8](repeating: 0, count: geometry.roots * pitch)
        parity = [UInt8](repeating: 0, count: geometry.roots * width)
    }

    /// Computes the parity of `count` codewords from `first` on.
    ///
    /// - Returns: the number of message bytes read.
    /// - Throws: `ErrorCorrectionError.Code.messageSize` when the message ends early, or the source's own error.
    mutating func compute(_ message: some ByteSource, first: UInt64, count: Int) throws -> Int {
        precondition(count <= width && count % ParityKernel.laneCount == 0)
        for index in state.indices { state[index] = 0 }
        var total = 0
        var row = 0
        while row < geometry.code.messageLength {
            let rowCount = min(Self.rowsAtOnce, geometry.code.messageLength - row)
            for index in 0..<rowCount {
                total += try readRow(row + index, into: index * pitch, message, first: first, count: count)
            }
            kernel.feed(rows: rows, rowCount: rowCount, state: &state, width: pitch, count: count)
            row += rowCount
        }
        interleave(count: count)
        return total
    }

    private mutating func readRow(
        _ row: Int, into start: Int, _ message: some ByteSource, first: UInt64, count: Int
    ) throws -> Int {
        let wanted = geometry.messageCount(row: row, codeword: first, atMost: count)
        if wanted > 0 {
            let position = ByteOffset(UInt64(row) * geometry.codewords + first)
            var whole = rows.mutableSpan
            var part = whole._mutatingExtracting(start..<start + wanted)
            guard try message.read(into: &part, at: position) == wanted else {
                throw ErrorCorrectionError(
                    .messageSize, "the data or the hash area ends early, at message byte \(position.rawValue)")
            }
        }
        for index in start + wanted..<start + count { rows[index] = 0 }
        return wanted
    }

    /// Brings the registers into the order of the parity file.
    private mutating func interleave(count: Int) {
        let roots = geometry.roots
        for register in 0..<roots {
            let from = register * pitch
            var index = register
            for codeword in 0..<count {
                parity[index] = state[from + codeword]
                index += roots
            }
        }
    }
}
