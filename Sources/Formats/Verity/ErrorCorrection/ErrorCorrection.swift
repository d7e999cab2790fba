public import AssayBytes

/// Making, checking and using the error correction data of a dm-verity device.
///
/// Everything streams: at most 16 MiB are held, whatever the sizes. `threads` tasks (at most 32) work side by side;
/// reading is synchronous in them. Cancelling the calling task ends the work after the window in hand.
public enum ErrorCorrection {
    /// Computes the parity of `message` and writes it, `geometry.paritySize` bytes from `offset` on.
    ///
    /// - Parameters:
    ///   - message: the data blocks and the hash area, as `ConcatenatedSource(data:hash:geometry:)`.
    ///   - geometry: what lies where.
    ///   - sink: where the parity goes; written from several tasks at once, to ranges that do not overlap.
    ///   - offset: the position of the first parity byte in `sink`.
    ///   - threads: how many tasks.
    ///   - progress: called from several tasks with the number of message bytes read since the call before; all calls
    ///     together give the size of the message.
    /// - Throws: `ErrorCorrectionError` (`messageSize`, `tooLarge`), `CancellationError`, or an error of source or sink.
    public static func encode(
        message: some ByteSource, geometry: ErrorCorrectionGeometry, into sink: some ByteSink,
        at offset: ByteOffset = .zero, threads: Int = 1, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws {
        try requireSize(of: message, geometry)
        _ = try end(ofParityAt: offset, geometry)
        try await ParityStripes(geometry: geometry, threads: threads).run { stripes in
            var window = ParityWindow(geometry: geometry, width: stripes.windowWidth)
            while let stripe = stripes.take() {
                for (first, count) in stripes.windows(of: stripe) {
                    try Task.checkCancellation()
                    let read = try window.compute(message, first: first, count: count)
                    let position = ByteOffset(offset.rawValue + first * UInt64(geometry.roots))
                    try sink.write(window.parity.span.extracting(first: count * geometry.roots), at: position)
                    progress(read)
                }
            }
        }
    }

    /// That the message has the size that the geometry was made for.
    static func requireSize(of message: some ByteSource, _ geometry: ErrorCorrectionGeometry) throws {
        guard message.size == geometry.messageSize else {
            throw ErrorCorrectionError(
                .messageSize,
                "\(message.size.rawValue) bytes of data and hash area: the geometry has "
                    + "\(geometry.blocks) blocks of \(geometry.blockSize)")
        }
    }

    /// The position behind the parity that begins at `offset`.
    static func end(ofParityAt offset: ByteOffset, _ geometry: ErrorCorrectionGeometry) throws -> ByteOffset {
        guard let end = offset.advanced(by: geometry.paritySize), end.rawValue <= UInt64(Int64.max) else {
            throw ErrorCorrectionError(.tooLarge, "the parity at byte \(offset.rawValue) ends behind 2^63 bytes")
        }
        return end
    }
}
