import AssayBytes

/// EFI signature lists, one for each certificate, one after the other (UEFI 2.10, section 32.4.1,
/// <https://uefi.org/specs/UEFI/2.10/32_Secure_Boot_and_Driver_Signing.html>): type (16 bytes), size of the list, of its
/// header (0) and of a signature (32 bits each, least significant byte first), owner (16 bytes), certificate.
enum EFISignatureList {
    /// EFI_CERT_X509_GUID, a5c059a1-94e4-4aa7-87b5-ab155c2bf072.
    private static let certificateType: [UInt8] = [
        0xA1, 0x59, 0xC0, 0xA5, 0xE4, 0x94, 0xA7, 0x4A, 0x87, 0xB5, 0xAB, 0x15, 0x5C, 0x2B, 0xF0, 0x72,
    ]
    /// The owner that p11-kit writes, dcdd3b50-f405-43fd-96be-bd33b1734776.
    private static let owner: [UInt8] = [
        0x50, 0x3B, 0xDD, 0xDC, 0x05, 0xF4, 0xFD, 0x43, 0x96, 0xBE, 0xBD, 0x33, 0xB1, 0x73, 0x47, 0x76,
    ]
    private static let headerSize = 28
    private static let ownerSize = 16

    /// Writes one list for each certificate.
    static func write(_ certificates: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(certificates.reduce(0) { $0 + $1.count + headerSize + ownerSize })
        for der in certificates {
            bytes += certificateType
            append(UInt32(clamping: headerSize + ownerSize + der.count), to: &bytes)
            append(0, to: &bytes)
            append(UInt32(clamping: ownerSize + der.count), to: &bytes)
            bytes += owner
            bytes += der
        }
        return bytes
    }

    /// Reads lists of one certificate each, of any owner.
    static func read(_ bytes: [UInt8]) throws(StoreFault) -> [StoredCertificate] {
        var cursor = ByteCursor(bytes.span)
        var result: [StoredCertificate] = []
        while !cursor.isAtEnd {
            let place = "signature list \(result.count)"
            do {
                let type = try cursor.bytes(16)
                let listSize = UInt64(try cursor.u32(.little))
                let innerHeaderSize = try cursor.u32(.little)
                let signatureSize = UInt64(try cursor.u32(.little))
                guard type == certificateType else { throw StoreFault("\(place) is not one of certificates") }
                guard innerHeaderSize == 0, signatureSize > UInt64(ownerSize),
                    listSize == signatureSize + UInt64(headerSize)
                else { throw StoreFault("\(place) has sizes that do not fit") }
                try cursor.skip(ownerSize)
                let der = try cursor.bytes(Int(signatureSize) - ownerSize)
                try StoreFault.requireCertificate(der, place)
                result.append(StoredCertificate(der: der))
            } catch let fault as StoreFault {
                throw fault
            } catch {
                throw StoreFault("\(place) is cut short")
            }
        }
        return result
    }

    private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        for index in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(index))) }
    }
}
