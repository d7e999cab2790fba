import SwiftASN1

/// The elements of a constructed DER value, taken in order.
struct DERElements {
    private var iterator: ASN1NodeCollection.Iterator
    private var current: ASN1Node?
    private let what: String

    /// The elements of `node`, which must be constructed and carry `identifier`; `what` is its name in messages.
    init(of node: ASN1Node, _ identifier: ASN1Identifier, _ what: String) throws(CertificateFault) {
        guard node.identifier == identifier, case .constructed(let children) = node.content else {
            throw CertificateFault("\(what) is not a \(identifier == .set ? "SET" : "SEQUENCE")")
        }
        iterator = children.makeIterator()
        current = iterator.next()
        self.what = what
    }

    /// Whether every element was taken.
    var isAtEnd: Bool { current == nil }

    /// Takes the next element if it carries `identifier`.
    mutating func next(if identifier: ASN1Identifier) -> ASN1Node? {
        guard let node = current, node.identifier == identifier else { return nil }
        current = iterator.next()
        return node
    }

    /// Takes the next element, which is there as `element`.
    mutating func next(_ element: String) throws(CertificateFault) -> ASN1Node {
        guard let node = current else { throw CertificateFault("\(element) is missing in \(what)") }
        current = iterator.next()
        return node
    }

    /// Takes the next element, a primitive that carries `identifier`, and gives its content.
    mutating func primitive(
        _ identifier: ASN1Identifier, _ element: String
    ) throws(CertificateFault) -> ArraySlice<UInt8> {
        let node = try next(element)
        guard node.identifier == identifier, case .primitive(let bytes) = node.content else {
            throw CertificateFault("\(element) is of an unexpected type")
        }
        return bytes
    }

    /// Takes the next element, an object identifier, and gives it dotted.
    mutating func objectIdentifier(_ element: String) throws(CertificateFault) -> String {
        guard let dotted = DERText.dotted(try primitive(.objectIdentifier, element)) else {
            throw CertificateFault("\(element) is no object identifier")
        }
        return dotted
    }

    /// Throws unless all were taken.
    func end() throws(CertificateFault) {
        guard isAtEnd else { throw CertificateFault("\(what) has too many elements") }
    }
}

extension ASN1Identifier {
    /// A context-specific tag.
    static func context(_ number: UInt) -> ASN1Identifier {
        ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
    }
}

extension DERText {
    /// The object identifier with this content, dotted; nil when it is not one, or has a number beyond 120 bits.
    static func dotted(_ content: ArraySlice<UInt8>) -> String? {
        var numbers: [UInt128] = []
        var number: UInt128 = 0
        var isOpen = false
        for byte in content {
            // A number does not begin with zeros (ITU-T X.690, section 8.19.2), and fits.
            guard isOpen || byte != 0x80, number < 1 << 113 else { return nil }
            number = number << 7 | UInt128(byte & 0x7F)
            isOpen = byte & 0x80 != 0
            if isOpen { continue }
            guard numbers.count < 64 else { return nil }
            numbers.append(number)
            number = 0
        }
        guard !isOpen, let first = numbers.first else { return nil }
        let top: UInt128 = first < 40 ? 0 : first < 80 ? 1 : 2
        return ([top, first - 40 * top] + numbers.dropFirst()).map { "\($0)" }.joined(separator: ".")
    }
}
