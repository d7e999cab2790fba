public import AssayBytes

/// What libFuzzer hands over, as an array; the pointer is valid only while the call lasts.
public func array(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: start, count: count))
}

/// The files of an input that stands for several, divided by the byte 0xFF, which no UTF-8 text holds.
public func split(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.split(separator: 0xFF, maxSplits: 15, omittingEmptySubsequences: false).map { Array($0) }
}

/// The parts of an input, at most three, divided by four bytes 0xFF.
public func divided(_ bytes: [UInt8]) -> [[UInt8]] {
    let divider: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
    var parts: [[UInt8]] = []
    var rest = bytes[...]
    while parts.count < 2, let place = rest.firstRange(of: divider) {
        parts.append(Array(rest[..<place.lowerBound]))
        rest = rest[place.upperBound...]
    }
    return parts + [Array(rest)]
}

/// `bytes` cut at places that look random and depend on nothing but the bytes, so that a failure comes back.
///
/// Most pieces are short, some empty, few long: a long input has not many more pieces than a short one.
public func pieces(of bytes: [UInt8]) -> [[UInt8]] {
    var state = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    var pieces: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let length = pieces.count < 256 ? Int(state >> 33) % [2, 7, 40, 300][Int(state >> 62)] : rest.count
        pieces.append(Array(rest.prefix(length)))
        rest = rest.dropFirst(length)
    }
    return pieces
}

/// Both byte orders.
public let byteOrders: [Endianness] = [.little, .big]
