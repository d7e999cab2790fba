internal import SwiftASN1

/// The elements of a constructed value, taken in order.
struct ASN1Elements {
    private var elements: [ASN1Node]
    private let what: String

    /// The elements of `node`, which must be constructed and carry `identifier`; `what` is its name in messages.
    init(of node: ASN1Node, _ identifier: ASN1Identifier, _ what: String) throws(RootHashSignatureFault) {
        guard node.identifier == identifier, case .constructed(let children) = node.content else {
            throw RootHashSignatureFault(.malformed, "\(what) is not a \(identifier == .set ? "SET" : "SEQUENCE")")
        }
        self.elements = Array(children).reversed()
        self.what = what
    }

    /// The number of elements that were not taken.
    var count: Int { elements.count }

    /// Takes the next element if it carries `identifier`.
    mutating func next(if identifier: ASN1Identifier) -> ASN1Node? {
        guard elements.last?.identifier == identifier else { return nil }
        return elements.popLast()
    }

    /// Takes the next element.
    mutating func next() throws(RootHashSignatureFault) -> ASN1Node {
        guard let element = elements.popLast() else {
            throw RootHashSignatureFault(.malformed, "\(what) has too few elements")
        }
        return element
    }

    /// Takes the next element, a primitive that carries `identifier`, and gives its content.
    mutating func primitive(_ identifier: ASN1Identifier) throws(RootHashSignatureFault) -> [UInt8] {
        let element = try next()
        guard element.identifier == identifier, case .primitive(let bytes) = element.content else {
            throw RootHashSignatureFault(.malformed, "an element of \(what) is of an unexpected type")
        }
        return Array(bytes)
    }

    /// Takes the next element, an object identifier.
    mutating func objectIdentifier() throws(RootHashSignatureFault) -> ASN1ObjectIdentifier {
        let element = try next()
        guard let identifier = try? ASN1ObjectIdentifier(derEncoded: element) else {
            throw RootHashSignatureFault(.malformed, "an element of \(what) is not an object identifier")
        }
        return identifier
    }

    /// Takes the next element, an AlgorithmIdentifier.
    mutating func algorithm() throws(RootHashSignatureFault) -> AlgorithmIdentifier {
        let node = try next()
        var elements = try ASN1Elements(of: node, .sequence, "an algorithm identifier")
        let identifier = try elements.objectIdentifier()
        guard elements.count > 0 else { return AlgorithmIdentifier(identifier: identifier, parameters: .absent) }
        let parameters = try elements.next()
        try elements.end()
        // Compared as bytes: the identifier alone does not say that the value is primitive.
        if parameters.encodedBytes.elementsEqual([0x05, 0x00]) {
            return AlgorithmIdentifier(identifier: identifier, parameters: .null)
        }
        return AlgorithmIdentifier(identifier: identifier, parameters: .other(parameters))
    }

    /// Throws unless all were taken.
    func end() throws(RootHashSignatureFault) {
        guard elements.isEmpty else {
            throw RootHashSignatureFault(.malformed, "\(what) has too many elements")
        }
    }
}

/// An algorithm and what stands beside it (RFC 5280, section 4.1.1.2).
struct AlgorithmIdentifier {
    /// The parameters.
    enum Parameters {
        case absent
        case null
        case other(ASN1Node)
    }

    let identifier: ASN1ObjectIdentifier
    let parameters: Parameters

    /// Throws unless the parameters are absent or, where `null` allows, NULL.
    func checkParameters(null: Bool) throws(RootHashSignatureFault) {
        switch parameters {
        case .absent: return
        case .null where null: return
        case .null, .other:
            throw RootHashSignatureFault(.malformed, "the algorithm \(identifier) has parameters that it must not have")
        }
    }
}
