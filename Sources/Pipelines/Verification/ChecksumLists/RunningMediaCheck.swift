import AssayBytes
import AssayISO9660
import Crypto

/// The MD5 that `checkisomd5` compares, computed while the file passes by.
///
/// It finds damage and never tampering: whoever changes the image changes the MD5 in it, too.
struct RunningMediaCheck: Sendable {
    private let check: MediaCheck
    private var hash = Insecure.MD5()
    /// The piece that is being hashed and how much of it is.
    private var piece = 0
    private var done: UInt64 = 0
    /// Bytes of all pieces that were hashed.
    private var total: UInt64 = 0
    private var fragment = 0
    /// The first intermediate checksum that differs, counted from 1, and where its fragment begins.
    private(set) var wrongFragment: (number: Int, offset: UInt64)?

    init(_ check: MediaCheck) { self.check = check }

    /// Takes the next bytes of the file, which begin at `offset`.
    mutating func update(_ bytes: Span<UInt8>, at offset: UInt64) {
        let end = offset + UInt64(bytes.count)
        while piece < check.pieces.count {
            switch check.pieces[piece] {
            case .spaces(let count):
                let part = part(UInt64(max(0, count)) - done)
                take([UInt8](repeating: 0x20, count: Int(clamping: part)).span)
                advance(part, of: UInt64(max(0, count)))
            case .bytes(let extent):
                // Pieces come in the order of the file, so that what is wanted was not passed by yet.
                let next = extent.offset.rawValue + done
                let remaining = extent.count.rawValue - done
                guard remaining > 0 else {
                    advance(0, of: extent.count.rawValue)
                    continue
                }
                guard next >= offset, next < end else { return }
                let part = part(min(remaining, end - next))
                let start = Int(clamping: next - offset)
                take(bytes.extracting(start..<(start + Int(clamping: part))))
                advance(part, of: extent.count.rawValue)
            }
        }
    }

    /// The MD5 of all pieces, or nil when the file ended before.
    var hexadecimal: String? { total == check.length.rawValue ? Hex.encode(hash.finalize()) : nil }

    /// As much of `count` bytes as there is before the end of the current fragment.
    private func part(_ count: UInt64) -> UInt64 {
        guard fragment < check.fragments.count else { return count }
        let end = check.fragments[fragment].length.rawValue
        return end > total ? min(count, end - total) : count
    }

    private mutating func take(_ bytes: Span<UInt8>) {
        // The buffer is only read while the closure runs.
        unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    }

    private mutating func advance(_ count: UInt64, of pieceCount: UInt64) {
        done += count
        total += count
        if done >= pieceCount {
            piece += 1
            done = 0
        }
        while fragment < check.fragments.count, check.fragments[fragment].length.rawValue <= total {
            let expected = check.fragments[fragment]
            let digits = MediaCheck.digits(of: Array(hash.finalize()), count: expected.digits.utf8.count)
            if wrongFragment == nil, digits != expected.digits {
                wrongFragment = (fragment + 1, fragment == 0 ? 0 : check.fragments[fragment - 1].length.rawValue)
            }
            fragment += 1
        }
    }
}
