public import AssayBytes

/// What libFuzzer hands over, as an array; the pointer is valid only while the call lasts.
public func array(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: start, count: count))
}

/// The files of an input that stands for several, divided by the byte 0xFF, which no UTF-8 text holds.
public func split(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.split(separator: 0xFF, maxSplits: 15, omittingEmptySubsequences: false).map { Array($0) }
}

/// Both byte orders.
public let byteOrders: [Endianness] = [.little, .big]
