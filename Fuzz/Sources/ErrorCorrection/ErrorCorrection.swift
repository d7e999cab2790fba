import AssayBytes
import AssayVerity
import FuzzSupport

/// Error correction data: hostile parity, and parity that is made and then damaged.
///
/// An input is the bytes of `Layout`, the places that are damaged, and the message; zeros follow where it is short.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    guard let layout = Layout(bytes) else { return 0 }
    checkGeometry(layout.number, roots: Int(bytes[1]), shift: Int(bytes[0] >> 4))
    let rest = bytes.dropFirst(Layout.size)
    if layout.isOneWord {
        let damage = rest.prefix(layout.damageSize)
        checkWord(roots: Int(bytes[1] % 32), message: rest.dropFirst(layout.damageSize), damage: damage)
        return 0
    }
    guard let geometry = layout.geometry else { return 0 }
    let state = State(
        geometry, message: rest.dropFirst(layout.damageSize), makesParity: layout.makesParity, threads: layout.threads)
    if layout.makesParity, layout.damageSize == 0 {
        precondition(state.report()?.isClean == true, "parity that was just made fits")
    }
    checkRepair(state.damaged(by: rest.prefix(layout.damageSize), isNarrow: layout.isNarrow), layout)
    return 0
}

/// A geometry of hostile numbers is refused, or all that is derived from it fits in 63 bits.
private func checkGeometry(_ number: UInt64, roots: Int, shift: Int) {
    for (blockSize, blocks) in [(Int(truncatingIfNeeded: number), number), (512 << shift, number >> UInt64(shift * 3))]
    {
        guard
            let geometry = try? ErrorCorrectionGeometry(
                blockSize: blockSize, roots: roots % 32, dataBlocks: blocks, hashAreaFirstBlock: blocks >> 32,
                hashDeviceSize: ByteCount(number), parityOnHashDevice: shift & 1 == 0 ? nil : ByteOffset(number >> 16))
        else { continue }
        let codewords = geometry.codewords
        precondition(codewords * UInt64(geometry.code.messageLength) >= geometry.messageSize.rawValue, "room for all")
        precondition(geometry.paritySize.rawValue == codewords * UInt64(geometry.roots), "parity for all")
        for row in [-1, 0, geometry.code.messageLength - 1, 255] {
            for codeword in [0, codewords - 1, codewords, number] {
                let position = geometry.messagePosition(row: row, codeword: codeword)
                precondition(position.map { $0.rawValue < geometry.messageSize.rawValue } ?? true, "inside")
            }
        }
    }
}

/// What is corrected in the damaged state is right, as far as that can be known.
private func checkRepair(_ state: State, _ layout: Layout) {
    let geometry = state.geometry
    guard let found = state.report(), let (repaired, report) = state.repaired(knownBad: layout.knownBad) else {
        preconditionFailure("message and parity have the sizes of the geometry")
    }
    precondition(
        found.codewords == geometry.codewords && found.damagedCodewords == report.damagedCodewords, "one count")
    precondition(
        report.uncorrectableCodewords.count <= found.uncorrectableCodewords.count, "known bad blocks make nothing worse"
    )
    precondition(found.damagedBlocks.ranges.allSatisfy { $0.upperBound <= geometry.blocks }, "blocks of the message")
    guard report.isCorrectable else { return }
    if let original = state.original, state.changes <= geometry.roots / 2, layout.knownBad.isEmpty {
        precondition(found.isCorrectable && repaired.message == original, "few wrong bytes are always repaired")
    }
    // What stays wrong is in the parity, and few enough to be found again.
    precondition(repaired.report()?.damagedMessageBytes == 0, "a repaired message needs no second repair")
}

/// The numbers at the start of an input.
private struct Layout {
    static let size = 9

    let number: UInt64
    let geometry: ErrorCorrectionGeometry?
    /// Whether the parity is made, or is what follows the message.
    let makesParity: Bool
    /// Whether the damage is in the first codewords only, so that there is much in each.
    let isNarrow: Bool
    /// Whether a single word of the code is tried, and no geometry: a thousand times as fast.
    let isOneWord: Bool
    let damageSize: Int
    let threads: Int
    let knownBad: [Range<UInt64>]

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.size else { return nil }
        number = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        makesParity = bytes[0] & 1 == 1
        isNarrow = bytes[0] & 8 == 8
        isOneWord = bytes[0] & 16 == 16
        damageSize = 4 * Int(bytes[8])
        threads = bytes[0] & 2 == 0 ? 1 : 2
        let geometry = try? ErrorCorrectionGeometry(
            blockSize: bytes[0] & 4 == 0 ? 512 : 1024, roots: Int(bytes[1] % 32),
            dataBlocks: UInt64(bytes[2]) + UInt64(bytes[3]), hashAreaFirstBlock: 1, hashAreaBlocks: UInt64(bytes[4]))
        self.geometry = geometry
        // Up to three blocks, a distance apart.
        let last = geometry?.blocks ?? 0
        let step = UInt64(bytes[6]) + 1
        knownBad = (0..<UInt64(bytes[7] & 3)).map { UInt64(bytes[5]) + $0 * step }.filter { $0 < last }
            .map { $0..<$0 + 1 }
    }
}

/// A message with its parity.
private struct State: Sendable {
    let geometry: ErrorCorrectionGeometry
    let threads: Int
    var message: [UInt8]
    var parity: [UInt8]
    /// The message before it was damaged, if its parity was made.
    var original: [UInt8]?
    /// At most so many bytes were changed since.
    var changes = 0

    init(_ geometry: ErrorCorrectionGeometry, message: ArraySlice<UInt8>, makesParity: Bool, threads: Int) {
        self.geometry = geometry
        self.threads = threads
        let size = Int(geometry.messageSize.rawValue)
        self.message = Self.filled(message.prefix(size), size)
        let paritySize = Int(geometry.paritySize.rawValue)
        guard makesParity else {
            parity = Self.filled(message.dropFirst(size).prefix(paritySize), paritySize)
            return
        }
        let store = ByteArrayStore()
        let source = ByteArraySource(self.message)
        do {
            try wait {
                try await ErrorCorrection.encode(message: source, geometry: geometry, into: store, threads: threads)
            }
        } catch {
            preconditionFailure("parity can be made of every message")
        }
        parity = store.bytes
        precondition(parity.count == paritySize, "the parity has the size that the geometry says")
        original = self.message
    }

    /// Zeros follow a short input.
    private static func filled(_ bytes: ArraySlice<UInt8>, _ count: Int) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: count - bytes.count)
    }

    /// What the parity says about the message.
    func report() -> ErrorCorrectionReport? {
        try? wait { [self] in
            try await ErrorCorrection.check(
                message: ByteArraySource(message), parity: ByteArraySource(parity), geometry: geometry, threads: threads
            )
        }
    }

    /// The state with all corrections, and the report about them.
    func repaired(knownBad: [Range<UInt64>]) -> (State, ErrorCorrectionReport)? {
        let store = ByteArrayStore(message, limit: message.count)
        let report = try? wait { [self] in
            try await ErrorCorrection.repair(
                message: ByteArraySource(message), parity: ByteArraySource(parity), geometry: geometry,
                knownBad: knownBad, threads: threads
            ) { try store.write($0.bytes.span, at: $0.offset) }
        }
        guard let report else { return nil }
        var result = self
        result.message = store.bytes
        return (result, report)
    }

    /// The state with bytes changed: three bytes of `damage` say where, the fourth by what.
    func damaged(by damage: ArraySlice<UInt8>, isNarrow: Bool) -> State {
        var result = self
        var rest = Array(damage)[...]
        while rest.count >= 4 {
            let (bytes, change) = (Array(rest.prefix(3)), rest[rest.startIndex + 3])
            rest = rest.dropFirst(4)
            guard let place = isNarrow ? narrowPlace(bytes) : bytes.reduce(0, { $0 << 8 | Int($1) }) else { continue }
            if place % size < message.count {
                result.message[place % size] ^= change
            } else {
                result.parity[place % size - message.count] ^= change
            }
            result.changes += 1
        }
        return result
    }

    private var size: Int { message.count + parity.count }

    /// A place in one of the first four codewords: the row, and which one.
    private func narrowPlace(_ bytes: [UInt8]) -> Int? {
        let (row, codeword) = (Int(bytes[0]), Int(bytes[1] & 3))
        let messageLength = geometry.code.messageLength
        guard row < messageLength else {
            return row < 255 ? message.count + codeword * geometry.roots + row - messageLength : nil
        }
        return geometry.messagePosition(row: row, codeword: UInt64(codeword)).map { Int($0.rawValue) }
    }
}
