public import AssayBytes

extension ErrorCorrectionGeometry {
    /// Makes the geometry for a tree and its data.
    ///
    /// - Parameters:
    ///   - tree: where the tree lies.
    ///   - roots: parity bytes a codeword: 2 to 24.
    ///   - hashDeviceSize: the size of the hash device in bytes.
    ///   - parityOnHashDevice: where the parity begins when it is on the hash device, else nil.
    /// - Throws: `VerityError.Code.badErrorCorrection` when data and hash blocks are not of the same size, and
    ///   `ErrorCorrectionError`.
    public init(
        tree: TreeGeometry, roots: Int, hashDeviceSize: ByteCount, parityOnHashDevice: ByteOffset?
    ) throws {
        let parameters = tree.parameters
        guard parameters.dataBlockSize == parameters.hashBlockSize else {
            throw VerityError(
                .badErrorCorrection,
                "error correction needs data and hash blocks of the same size, not "
                    + "\(parameters.dataBlockSize) and \(parameters.hashBlockSize) bytes")
        }
        try self.init(
            blockSize: parameters.dataBlockSize, roots: roots, dataBlocks: parameters.dataBlocks,
            hashAreaFirstBlock: tree.firstBlock, hashDeviceSize: hashDeviceSize,
            parityOnHashDevice: parityOnHashDevice)
    }
}
