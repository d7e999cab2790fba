/// What a certificate authority may be trusted for: an extended key usage (RFC 5280, section 4.2.1.12).
public struct Purpose: Hashable, Sendable, Comparable {
    /// The dotted object identifier.
    public let identifier: String

    /// Makes one.
    public init(identifier: String) { self.identifier = identifier }

    /// TLS servers.
    public static let serverAuth = Purpose(identifier: "1.3.6.1.5.5.7.3.1")
    /// TLS clients.
    public static let clientAuth = Purpose(identifier: "1.3.6.1.5.5.7.3.2")
    /// Signed code.
    public static let codeSigning = Purpose(identifier: "1.3.6.1.5.5.7.3.3")
    /// S/MIME mail.
    public static let emailProtection = Purpose(identifier: "1.3.6.1.5.5.7.3.4")
    /// IPsec end systems.
    public static let ipsecEndSystem = Purpose(identifier: "1.3.6.1.5.5.7.3.5")
    /// IPsec tunnels.
    public static let ipsecTunnel = Purpose(identifier: "1.3.6.1.5.5.7.3.6")
    /// IPsec users.
    public static let ipsecUser = Purpose(identifier: "1.3.6.1.5.5.7.3.7")
    /// Time stamps.
    public static let timeStamping = Purpose(identifier: "1.3.6.1.5.5.7.3.8")
    /// Every purpose (RFC 5280, section 4.2.1.12).
    public static let any = Purpose(identifier: "2.5.29.37.0")

    /// The purposes that have names, in the order in which they are shown.
    public static let named: [(name: String, purpose: Purpose)] = [
        ("server-auth", .serverAuth), ("email", .emailProtection), ("code-signing", .codeSigning),
        ("client-auth", .clientAuth), ("time-stamping", .timeStamping), ("ipsec-end-system", .ipsecEndSystem),
        ("ipsec-tunnel", .ipsecTunnel), ("ipsec-user", .ipsecUser),
    ]

    /// The name, or the object identifier.
    public var name: String { Purpose.named.first { $0.purpose == self }?.name ?? identifier }

    /// Orders by object identifier, as text.
    public static func < (left: Purpose, right: Purpose) -> Bool { left.identifier < right.identifier }
}
