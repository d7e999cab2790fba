import AssayOpenPGP

/// Takes one certificate out of a file that holds several, byte by byte as it stands there.
enum CertificateSplitter {
    /// The packets of the certificate `fingerprint` in `bytes`, which are binary or armored.
    ///
    /// - Returns: the packets of all its copies; nil when they cannot be told apart from the rest, or read alone give
    ///   another certificate than `expected`.
    static func packets(of expected: OpenPGPCertificate, in bytes: [UInt8]) -> [UInt8]? {
        guard let packets = binary(bytes), let starts = certificateStarts(packets) else { return nil }
        var found: [UInt8] = []
        for (index, start) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1] : packets.count
            let piece = Array(packets[start..<end])
            // A piece that is none is not the one that is looked for.
            guard let certificate = try? OpenPGPCertificate.parse(piece).first,
                certificate.fingerprint == expected.fingerprint
            else { continue }
            found += piece
        }
        guard let alone = try? OpenPGPCertificate.parse(found), alone == [expected] else { return nil }
        return found
    }

    /// The packets without armor.
    private static func binary(_ bytes: [UInt8]) -> [UInt8]? {
        if ArmorBlock.isBinary(bytes) { return bytes }
        guard let blocks = try? ArmorBlock.blocks(in: bytes) else { return nil }
        return blocks.flatMap(\.bytes)
    }

    /// Where each packet of a public primary key begins (RFC 9580, section 4.2); nil for what is no sequence of packets.
    private static func certificateStarts(_ bytes: [UInt8]) -> [Int]? {
        let publicKey: UInt8 = 6
        var starts: [Int] = []
        var position = 0
        while position < bytes.count {
            guard let header = header(bytes, at: position) else { return nil }
            if header.tag == publicKey { starts.append(position) }
            let (end, overflow) = header.body.addingReportingOverflow(header.length)
            guard !overflow, end <= bytes.count else { return nil }
            position = end
        }
        return starts
    }

    /// The type of the packet at `start`, where its body begins and how long it is.
    private static func header(_ bytes: [UInt8], at start: Int) -> (tag: UInt8, body: Int, length: Int)? {
        let first = bytes[start]
        guard first & 0x80 != 0 else { return nil }
        func length(_ count: Int) -> Int? {
            guard start + 1 + count <= bytes.count else { return nil }
            return bytes[(start + 1)..<(start + 1 + count)].reduce(0) { $0 << 8 | Int($1) }
        }
        guard first & 0x40 != 0 else {
            // The old form; its type 3 has no length, which no certificate may have.
            let sizes = [1, 2, 4]
            guard let size = sizes.indices.contains(Int(first & 3)) ? sizes[Int(first & 3)] : nil,
                let length = length(size)
            else { return nil }
            return (first >> 2 & 0x0F, start + 1 + size, length)
        }
        let tag = first & 0x3F
        guard let octet = length(1) else { return nil }
        switch octet {
        case 0..<192: return (tag, start + 2, octet)
        case 192..<224: return length(2).map { (tag, start + 3, $0 - (192 << 8) + 192) }
        case 255:
            guard start + 6 <= bytes.count else { return nil }
            return (tag, start + 6, bytes[(start + 2)..<(start + 6)].reduce(0) { $0 << 8 | Int($1) })
        default: return nil
        }
    }
}
