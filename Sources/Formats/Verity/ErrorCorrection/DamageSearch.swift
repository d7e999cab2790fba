import AssayBytes

/// One task's search for damaged codewords, and the decoding of those found.
///
/// Parity is recomputed from the message by the fast encoder; the difference to the stored parity has the same syndromes
/// as the whole codeword, so only codewords with a difference cost a decoding, and none needs its message bytes again.
struct DamageSearch<Message: ByteSource, Parity: ByteSource> {
    /// The codewords decoded before their corrections are handed out: bounds what is kept.
    static var groupWidth: Int { 4096 }

    /// A byte of the message to change, relative to the group in work.
    private struct Change {
        let row: UInt8
        let column: UInt16
        let difference: UInt8
    }

    let geometry: ErrorCorrectionGeometry
    let message: Message
    let parity: Parity
    let parityOffset: ByteOffset
    let knownBad: KnownBadBlocks
    /// Takes the corrected blocks, or nil to only count.
    let corrected: (@Sendable (MessageCorrection) throws -> Void)?

    private var window: ParityWindow
    private var stored: [UInt8]
    private var decoder: ReedSolomonDecoder
    private var syndromes: [UInt8]
    private var changes: [Change] = []
    private var damage = StripeDamage()

    init(
        geometry: ErrorCorrectionGeometry, message: Message, parity: Parity, parityOffset: ByteOffset,
        knownBad: KnownBadBlocks, width: Int, corrected: (@Sendable (MessageCorrection) throws -> Void)?
    ) {
        self.geometry = geometry
        self.message = message
        self.parity = parity
        self.parityOffset = parityOffset
        self.knownBad = knownBad
        self.corrected = corrected
        window = ParityWindow(geometry: geometry, width: width)
        stored = [UInt8](repeating: 0, count: width * geometry.roots)
        decoder = ReedSolomonDecoder(code: geometry.code)
        syndromes = [UInt8](repeating: 0, count: geometry.roots)
    }

    /// Works on one stripe, given as its windows.
    mutating func search(_ windows: [(first: UInt64, count: Int)], progress: (Int) -> Void) throws -> StripeDamage {
        damage = StripeDamage()
        for (first, count) in windows {
            try Task.checkCancellation()
            let read = try window.compute(message, first: first, count: count)
            try readParity(first: first, count: count)
            // A window is a part or a multiple of a block, so a group of this width lies in one block of each row.
            let width = min(geometry.blockSize, Self.groupWidth, count)
            for start in stride(from: 0, to: count, by: width) {
                let bytes = start * geometry.roots..<(start + width) * geometry.roots
                guard window.parity[bytes] != stored[bytes] else { continue }
                try decode(start..<start + width, first: first)
            }
            progress(read)
        }
        return damage
    }

    private mutating func readParity(first: UInt64, count: Int) throws {
        let position = ByteOffset(parityOffset.rawValue + first * UInt64(geometry.roots))
        let parity = parity
        let wanted = count * geometry.roots
        var whole = stored.mutableSpan
        var part = whole._mutatingExtracting(0..<wanted)
        guard try parity.read(into: &part, at: position) == wanted else {
            throw ErrorCorrectionError(.parityTruncated, "the parity ends early, behind byte \(position.rawValue)")
        }
    }

    /// Decodes the damaged ones of a window's codewords that lie in the same blocks, and hands out the corrections.
    private mutating func decode(_ columns: Range<Int>, first: UInt64) throws {
        let start = first + UInt64(columns.lowerBound)
        let erasedRows = knownBad.rows(column: start / UInt64(geometry.blockSize), geometry: geometry)
        changes.removeAll(keepingCapacity: true)
        for column in columns where takeSyndromes(column) {
            let codeword = first + UInt64(column)
            damage.damaged += 1
            damage.rounds.insert(codeword / UInt64(geometry.blockSize))
            guard isCorrected(codeword, erasedRows: erasedRows) else {
                damage.uncorrectable.append(codeword)
                continue
            }
            for error in decoder.errors {
                if error.position < geometry.code.messageLength {
                    changes.append(
                        Change(
                            row: UInt8(error.position), column: UInt16(column - columns.lowerBound),
                            difference: error.difference))
                } else {
                    let byte =
                        codeword * UInt64(geometry.roots) + UInt64(error.position - geometry.code.messageLength)
                    damage.parityBytes += 1
                    damage.parityBlocks.insert(byte / UInt64(geometry.blockSize))
                }
            }
        }
        try handOut(start: start, count: columns.count)
    }

    /// Sets the syndromes of a codeword of the window; false when its parity fits.
    private mutating func takeSyndromes(_ column: Int) -> Bool {
        let field = GaloisField.shared
        let bytes = column * geometry.roots..<(column + 1) * geometry.roots
        guard bytes.contains(where: { window.parity[$0] != stored[$0] }) else { return false }
        for exponent in 0..<geometry.roots {
            let root = field.power(exponent)
            var value: UInt8 = 0
            for index in bytes { value = field.multiply(value, root) ^ window.parity[index] ^ stored[index] }
            syndromes[exponent] = value
        }
        return true
    }

    /// Decodes with the known bad rows as erasures, and where that fails without.
    ///
    /// A correction of a byte behind the message's end, which is a zero by definition, is none.
    private mutating func isCorrected(_ codeword: UInt64, erasedRows: [Int]) -> Bool {
        if !erasedRows.isEmpty, decoder.decode(syndromes: syndromes, erasures: erasedRows),
            isInMessage(codeword)
        {
            return true
        }
        return decoder.decode(syndromes: syndromes, erasures: []) && isInMessage(codeword)
    }

    private func isInMessage(_ codeword: UInt64) -> Bool {
        decoder.errors.allSatisfy {
            $0.position >= geometry.code.messageLength
                || geometry.messagePosition(row: $0.position, codeword: codeword) != nil
        }
    }

    /// Counts the changes and gives each corrected piece of a block away.
    private mutating func handOut(start: UInt64, count: Int) throws {
        damage.messageBytes += UInt64(changes.count)
        changes.sort { ($0.row, $0.column) < ($1.row, $1.column) }
        var index = 0
        while index < changes.count {
            let row = changes[index].row
            let end = changes[index...].firstIndex { $0.row != row } ?? changes.count
            let position = ByteOffset(UInt64(row) * geometry.codewords + start)
            let block = position.rawValue / UInt64(geometry.blockSize)
            damage.blocks.insert(block)
            if let corrected {
                var bytes = try message.bytes(at: position, count: count)
                for change in changes[index..<end] { bytes[Int(change.column)] ^= change.difference }
                try corrected(
                    MessageCorrection(block: block, offset: position, bytes: bytes, changed: end - index))
            }
            index = end
        }
    }
}

/// The message blocks that the hash tree says are bad.
struct KnownBadBlocks: Sendable {
    private let ranges: [Range<UInt64>]

    /// Takes ranges that are sorted, not empty, disjoint and inside the message.
    ///
    /// - Throws: `ErrorCorrectionError.Code.badErasures`.
    init(_ ranges: [Range<UInt64>], geometry: ErrorCorrectionGeometry) throws {
        var end: UInt64 = 0
        for range in ranges {
            guard range.lowerBound >= end, !range.isEmpty, range.upperBound <= geometry.blocks else {
                throw ErrorCorrectionError(
                    .badErasures,
                    "known bad blocks \(range.lowerBound) to \(range.upperBound): not sorted, empty, overlapping or "
                        + "outside the \(geometry.blocks) blocks of the message")
            }
            end = range.upperBound
        }
        self.ranges = ranges
    }

    /// The rows whose block `column` is bad.
    func rows(column: UInt64, geometry: ErrorCorrectionGeometry) -> [Int] {
        guard !ranges.isEmpty else { return [] }
        return (0..<geometry.code.messageLength).filter { contains(UInt64($0) * geometry.rounds + column) }
    }

    private func contains(_ block: UInt64) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound <= block { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(block)
    }
}
