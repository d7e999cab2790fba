import AssayRPM

extension HeaderTag {
    /// The name that rpm gives to a tag of the signature header, with the number.
    var signatureName: String { Self.named(self, Self.signatureNames[rawValue]) }

    /// The name that rpm gives to a tag of the main header that holds a digest, with the number.
    var headerName: String { Self.named(self, Self.headerNames[rawValue]) }

    private static func named(_ tag: HeaderTag, _ name: String?) -> String { name.map { "\(tag) (\($0))" } ?? "\(tag)" }

    private static let signatureNames: [UInt32: String] = [
        267: "DSAHEADER", 268: "RSAHEADER", 269: "SHA1HEADER", 270: "LONGSIGSIZE", 271: "LONGARCHIVESIZE",
        273: "SHA256HEADER", 274: "FILESIGNATURES", 275: "FILESIGNATURELENGTH", 276: "VERITYSIGNATURES",
        277: "VERITYSIGNATUREALGO", 278: "OPENPGP", 279: "SHA3_256HEADER", 999: "RESERVED", 1000: "SIZE", 1002: "PGP",
        1004: "MD5", 1005: "GPG", 1007: "PAYLOADSIZE", 1008: "RESERVEDSPACE",
    ]

    private static let headerNames: [UInt32: String] = [
        5092: "PAYLOADSHA256", 5097: "PAYLOADSHA256ALT", 5121: "PAYLOADSHA512", 5122: "PAYLOADSHA512ALT",
        5123: "PAYLOADSHA3_256", 5124: "PAYLOADSHA3_256ALT",
    ]
}

extension IntegrityClaim {
    /// The tag with its name.
    var tagName: String { source == .main ? tag.headerName : tag.signatureName }

    /// What it is, where it stands, for people.
    var text: String {
        switch kind {
        case .signature: "the signature in \(tagName)"
        case .digest(let algorithm):
            "\(algorithm?.rawValue ?? "a digest of an unknown algorithm") in \(tagName)"
        }
    }
}
