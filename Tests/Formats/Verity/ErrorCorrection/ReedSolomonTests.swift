import AssayTestSupport
import AssayVerity
import Testing

/// A multiplication without tables: shift and reduce.
private func slowProduct(_ left: UInt8, _ right: UInt8) -> UInt8 {
    var product = 0
    var factor = Int(left)
    for bit in 0..<8 {
        if right & (1 << bit) != 0 { product ^= factor }
        factor <<= 1
        if factor > 255 { factor ^= 0x11d }
    }
    return UInt8(product)
}

/// A word's value at 2^exponent, by its definition.
private func slowSyndrome(_ word: [UInt8], _ exponent: Int) -> UInt8 {
    let root = (0..<exponent).reduce(UInt8(1)) { power, _ in slowProduct(power, 2) }
    return word.reduce(0) { slowProduct($0, root) ^ $1 }
}

@Test(arguments: 2...24)
func `message and parity are a multiple of the generator polynomial`(roots: Int) throws {
    let code = try ReedSolomon(roots: roots)
    var generator = SeededNumbers(state: UInt64(roots))
    var word = generator.bytes(code.messageLength)
    word += code.parity(of: word)
    #expect(word.count == 255)
    #expect((0..<roots).allSatisfy { slowSyndrome(word, $0) == 0 })
    #expect(code.syndromes(of: word).allSatisfy { $0 == 0 })
    word[17] ^= 0x5a
    #expect(code.syndromes(of: word) == (0..<roots).map { slowSyndrome(word, $0) })
}

@Test func `the parity of known messages is as computed by hand`() throws {
    // A last byte of 1 leaves the generator polynomial itself: x^2 + 3x + 2, and with four roots
    // (x^2 + 3x + 2)(x + 4)(x + 8) = x^4 + 15x^3 + 54x^2 + 120x + 64.
    let two = try ReedSolomon(roots: 2)
    #expect(two.parity(of: [UInt8](repeating: 0, count: 252) + [1]) == [3, 2])
    let four = try ReedSolomon(roots: 4)
    #expect(four.parity(of: [UInt8](repeating: 0, count: 250) + [1]) == [15, 54, 120, 64])
    #expect(four.parity(of: []) == [0, 0, 0, 0])
}

@Test(arguments: [1, 0, -1, 25, 255, Int.max])
func `a number of roots outside 2 to 24 is refused`(roots: Int) {
    let error = #expect(throws: ErrorCorrectionError.self) { try ReedSolomon(roots: roots) }
    #expect(error?.code == .badRoots)
}

@Test(arguments: [2, 3, 4, 7, 8, 15, 16, 23, 24])
func `every mix of errors and erasures up to the limit is corrected`(roots: Int) throws {
    let code = try ReedSolomon(roots: roots)
    var generator = SeededNumbers(state: 1000 + UInt64(roots))
    let message = generator.bytes(code.messageLength)
    let word = message + code.parity(of: message)
    for erasureCount in 0...roots {
        let errorCount = (roots - erasureCount) / 2
        let positions = Array(Array(0..<255).shuffled(using: &generator).prefix(erasureCount + errorCount))
        var damaged = word
        for (index, position) in positions.enumerated() {
            // Every third erasure holds the right byte by chance.
            if index < erasureCount, index % 3 == 2 { continue }
            damaged[position] ^= UInt8.random(in: 1...255, using: &generator)
        }
        let changed = zip(word, damaged).count { $0 != $1 }
        #expect(code.correct(&damaged, erasures: Array(positions.prefix(erasureCount))) == changed)
        #expect(damaged == word)
    }
}

@Test(arguments: [8, 16, 24])
func `one error more than the limit is refused and leaves the word alone`(roots: Int) throws {
    // With many roots a false correction is rare (1 in (roots / 2)!), and this seed meets none.
    let code = try ReedSolomon(roots: roots)
    var generator = SeededNumbers(state: 2000 + UInt64(roots))
    var falseCorrections = 0
    for _ in 0..<20 {
        let message = generator.bytes(code.messageLength)
        let word = message + code.parity(of: message)
        var damaged = word
        for position in Array(0..<255).shuffled(using: &generator).prefix(roots / 2 + 1) {
            damaged[position] ^= UInt8.random(in: 1...255, using: &generator)
        }
        var attempt = damaged
        if code.correct(&attempt) == nil {
            #expect(attempt == damaged)
        } else {
            // Never back to the original, and always to a codeword.
            #expect(attempt != word)
            #expect(code.syndromes(of: attempt).allSatisfy { $0 == 0 })
            falseCorrections += 1
        }
    }
    #expect(falseCorrections <= (roots == 8 ? 4 : 0))
}

@Test func `more erasures than roots are refused`() throws {
    let code = try ReedSolomon(roots: 4)
    var word = [UInt8](repeating: 0, count: 255)
    word[3] = 1
    #expect(code.correct(&word, erasures: [0, 1, 2, 3, 4]) == nil)
    #expect(word[3] == 1)
}

@Test func `arbitrary words with arbitrary erasures never trap and end in a codeword or unchanged`() throws {
    var generator = SeededNumbers(state: 77)
    for _ in 0..<150 {
        let code = try ReedSolomon(roots: Int.random(in: 2...24, using: &generator))
        let word = generator.bytes(255)
        let erasures = Array(0..<255).shuffled(using: &generator).prefix(Int.random(in: 0...26, using: &generator))
        var attempt = word
        if code.correct(&attempt, erasures: Array(erasures)) == nil {
            #expect(attempt == word)
        } else {
            #expect(code.syndromes(of: attempt).allSatisfy { $0 == 0 })
        }
    }
}
