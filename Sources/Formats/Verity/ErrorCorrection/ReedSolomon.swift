/// The Reed-Solomon code RS(255, 255 - roots) of dm-verity, one codeword at a time.
///
/// Systematic, over GF(2^8) modulo 0x11d; the generator polynomial's roots are 2^0 to 2^(roots - 1). The first byte of a
/// codeword is the coefficient of x^254, the last parity byte that of x^0. Any `errors` wrong bytes at unknown and
/// `erasures` at known positions are corrected while `2 * errors + erasures <= roots`.
/// Facts: cryptsetup, lib/verity/verity_fec.c (`FEC_PARAMS`); https://docs.kernel.org/admin-guide/device-mapper/verity.html
public struct ReedSolomon: Hashable, Sendable {
    /// The bytes of a whole codeword.
    public static let codewordLength = 255
    /// The numbers of parity bytes that dm-verity knows.
    public static let allowedRoots = 2...24

    /// The parity bytes of a codeword.
    public let roots: Int
    /// The generator polynomial without its leading 1, highest power first: what the feedback is multiplied with for
    /// each register of the encoder.
    let generator: [UInt8]

    /// The message bytes of a codeword.
    public var messageLength: Int { Self.codewordLength - roots }

    /// Makes the code with `roots` parity bytes.
    ///
    /// - Throws: `ErrorCorrectionError.Code.badRoots`.
    public init(roots: Int) throws {
        guard Self.allowedRoots.contains(roots) else {
            throw ErrorCorrectionError(.badRoots, "\(roots) roots (parity bytes a codeword): must be 2 to 24")
        }
        let field = GaloisField.shared
        // The product of (x - 2^i); in characteristic 2 minus is plus.
        var product: [UInt8] = [1]
        for exponent in 0..<roots {
            let root = field.power(exponent)
            var next = product + [0]
            for (index, coefficient) in product.enumerated() { next[index + 1] ^= field.multiply(coefficient, root) }
            product = next
        }
        self.roots = roots
        generator = Array(product.dropFirst())
    }

    /// The parity of `message`; a message shorter than `messageLength` is followed by zeros up to it, a longer one cut.
    public func parity(of message: [UInt8]) -> [UInt8] {
        let field = GaloisField.shared
        var registers = [UInt8](repeating: 0, count: roots + 1)
        for index in 0..<messageLength {
            let feedback = registers[0] ^ (index < message.count ? message[index] : 0)
            for register in 0..<roots {
                registers[register] = registers[register + 1] ^ field.multiply(feedback, generator[register])
            }
        }
        return Array(registers.dropLast())
    }

    /// The syndromes of a word of 255 bytes: all 0 if and only if it is a codeword.
    public func syndromes(of word: [UInt8]) -> [UInt8] {
        precondition(word.count == Self.codewordLength, "a word of the code has 255 bytes")
        return evaluate(word)
    }

    /// A polynomial, highest power first, at each root of the generator.
    func evaluate(_ polynomial: [UInt8]) -> [UInt8] {
        let field = GaloisField.shared
        return (0..<roots).map { exponent in
            let root = field.power(exponent)
            return polynomial.reduce(0) { field.multiply($0, root) ^ $1 }
        }
    }

    /// Corrects `word` in place.
    ///
    /// Beyond the limit the answer is mostly nil, but a word can then also be nearer to another codeword and be
    /// "corrected" to that one: only the hash tree can tell.
    ///
    /// - Parameters:
    ///   - word: 255 bytes; unchanged when they cannot be corrected.
    ///   - erasures: distinct positions in `word` that are known to be bad; what is there does not matter.
    /// - Returns: the number of bytes changed, or nil when the word is beyond correction.
    public func correct(_ word: inout [UInt8], erasures: [Int] = []) -> Int? {
        precondition(word.count == Self.codewordLength, "a word of the code has 255 bytes")
        precondition(
            erasures.allSatisfy { word.indices.contains($0) } && Set(erasures).count == erasures.count,
            "erasures are distinct positions of the word")
        var decoder = ReedSolomonDecoder(code: self)
        guard decoder.decode(syndromes: syndromes(of: word), erasures: erasures) else { return nil }
        for error in decoder.errors { word[error.position] ^= error.difference }
        return decoder.errors.count
    }
}
