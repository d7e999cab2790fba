public import AssayBytes

extension ErrorCorrection {
    /// Compares `message` with its parity: where it is damaged, and how much of that could be repaired without more help.
    ///
    /// One codeword costs a constant amount of work whatever is in it, so that damage everywhere, as hostile parity has,
    /// makes this slower by a constant factor only. Corrections of more damage than the code can carry are possible and
    /// look like any other: only the hash tree proves a message.
    ///
    /// - Parameters:
    ///   - message: the data blocks and the hash area, as `ConcatenatedSource(data:hash:geometry:)`.
    ///   - parity: what holds the parity.
    ///   - offset: the position of the first parity byte in `parity`.
    ///   - geometry: what lies where.
    ///   - threads: how many tasks.
    ///   - progress: as in `encode`.
    /// - Returns: the damage, as far as the code alone can tell.
    /// - Throws: `ErrorCorrectionError` (`messageSize`, `parityTruncated`, `tooLarge`), `CancellationError`, or an error of
    ///   a source. Damage is not an error.
    public static func check(
        message: some ByteSource, parity: some ByteSource, at offset: ByteOffset = .zero,
        geometry: ErrorCorrectionGeometry, threads: Int = 1, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws -> ErrorCorrectionReport {
        try await search(
            message: message, parity: parity, at: offset, geometry: geometry,
            knownBad: KnownBadBlocks([], geometry: geometry), threads: threads, progress: progress, corrected: nil)
    }

    /// Finds the right bytes of the message's damaged blocks.
    ///
    /// A codeword is decoded with its known bad blocks as erasures, together with errors at unknown positions, while
    /// `2 * errors + erasures <= roots`; where that fails, again without erasures. Nothing is written here. The caller
    /// puts the corrections on a copy, and keeps that only when the report's `isCorrectable` is true *and* the hash tree
    /// verifies: with as many erasures as roots the code has nothing left to notice a mistake with.
    ///
    /// - Parameters:
    ///   - message: the data blocks and the hash area, as `ConcatenatedSource(data:hash:geometry:)`; must not change
    ///     meanwhile.
    ///   - parity: what holds the parity.
    ///   - offset: the position of the first parity byte in `parity`.
    ///   - geometry: what lies where.
    ///   - knownBad: the message blocks that do not fit their digest: sorted ranges that do not overlap; hash area blocks
    ///     follow the data blocks.
    ///   - threads: how many tasks.
    ///   - progress: as in `encode`.
    ///   - corrected: takes each corrected block; called from several tasks at once. Codewords that cannot be corrected
    ///     keep their bytes, in blocks given too.
    /// - Returns: the damage, and whether all of it was corrected.
    /// - Throws: as `check`, `badErasures`, and what `corrected` throws.
    public static func repair(
        message: some ByteSource, parity: some ByteSource, at offset: ByteOffset = .zero,
        geometry: ErrorCorrectionGeometry, knownBad: [Range<UInt64>], threads: Int = 1,
        progress: @escaping @Sendable (Int) -> Void = { _ in },
        corrected: @escaping @Sendable (MessageCorrection) throws -> Void
    ) async throws -> ErrorCorrectionReport {
        try await search(
            message: message, parity: parity, at: offset, geometry: geometry,
            knownBad: KnownBadBlocks(knownBad, geometry: geometry), threads: threads, progress: progress,
            corrected: corrected)
    }

    private static func search(
        message: some ByteSource, parity: some ByteSource, at offset: ByteOffset, geometry: ErrorCorrectionGeometry,
        knownBad: KnownBadBlocks, threads: Int, progress: @escaping @Sendable (Int) -> Void,
        corrected: (@Sendable (MessageCorrection) throws -> Void)?
    ) async throws -> ErrorCorrectionReport {
        try requireSize(of: message, geometry)
        let end = try end(ofParityAt: offset, geometry)
        guard end.rawValue <= parity.size.rawValue else {
            throw ErrorCorrectionError(
                .parityTruncated,
                "the parity needs \(geometry.paritySize.rawValue) bytes from byte \(offset.rawValue) on, but its file or "
                    + "device ends at byte \(parity.size.rawValue): truncated, made with fewer roots, or made for a "
                    + "smaller hash device")
        }
        let tally = DamageTally()
        try await ParityStripes(geometry: geometry, threads: threads).run { stripes in
            var search = DamageSearch(
                geometry: geometry, message: message, parity: parity, parityOffset: offset, knownBad: knownBad,
                width: stripes.windowWidth, corrected: corrected)
            while let stripe = stripes.take() {
                tally.add(try search.search(stripes.windows(of: stripe), progress: progress))
            }
        }
        return tally.report(geometry)
    }
}
