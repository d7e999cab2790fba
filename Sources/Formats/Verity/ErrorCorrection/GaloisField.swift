/// The field of 256 elements that the code works in: polynomials over GF(2) modulo x^8 + x^4 + x^3 + x^2 + 1 (0x11d).
///
/// The element 2 (the polynomial x) generates the multiplicative group, so every other element but 0 is a power of it.
struct GaloisField: Sendable {
    /// The one table set; values are a few hundred bytes.
    static let shared = GaloisField()

    /// 2 to the power of the index, for two periods, so that the sum of two logarithms needs no reduction.
    private let powers: [UInt8]
    /// The power of 2 that gives the index; the entry of 0 has no meaning.
    private let logarithms: [UInt8]

    private init() {
        var powers = [UInt8](repeating: 0, count: 510)
        var logarithms = [UInt8](repeating: 0, count: 256)
        var element = 1
        for exponent in 0..<255 {
            powers[exponent] = UInt8(element)
            powers[exponent + 255] = UInt8(element)
            logarithms[element] = UInt8(exponent)
            element <<= 1
            if element > 255 { element ^= 0x11d }
        }
        self.powers = powers
        self.logarithms = logarithms
    }

    /// The product of two elements.
    func multiply(_ left: UInt8, _ right: UInt8) -> UInt8 {
        guard left != 0, right != 0 else { return 0 }
        return powers[Int(logarithms[Int(left)]) + Int(logarithms[Int(right)])]
    }

    /// The quotient of two elements; the divisor is not 0.
    func divide(_ dividend: UInt8, by divisor: UInt8) -> UInt8 {
        guard dividend != 0 else { return 0 }
        return powers[Int(logarithms[Int(dividend)]) + 255 - Int(logarithms[Int(divisor)])]
    }

    /// 2 to the power of `exponent`, which is in 0..<510.
    func power(_ exponent: Int) -> UInt8 { powers[exponent] }

    /// The exponent in 0..<255 that gives `element`, which is not 0.
    func logarithm(_ element: UInt8) -> Int { Int(logarithms[Int(element)]) }
}
