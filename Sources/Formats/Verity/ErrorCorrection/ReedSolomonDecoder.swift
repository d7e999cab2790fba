/// Finds the errors of one word after another from their syndromes.
///
/// Berlekamp-Massey with erasures, a search of all positions for the locator's roots, Forney's formula, and at last the
/// proof: the errors found must have exactly the syndromes given. The work on one word has a constant bound (about
/// `roots^2 + 255 * roots` multiplications), whatever the syndromes. Buffers are kept from word to word.
struct ReedSolomonDecoder {
    /// A byte of the word that differs from the codeword's.
    struct WordError: Hashable {
        /// Its index in the word: message first, then parity.
        let position: Int
        /// What to exclusive-or to it.
        let difference: UInt8
    }

    /// What the last `decode` that returned true found, by position; bytes that turned out right are not in it.
    private(set) var errors: [WordError] = []

    private let roots: Int
    private let field = GaloisField.shared
    private var locator: [UInt8]
    private var correction: [UInt8]
    private var previous: [UInt8]
    private var evaluator: [UInt8]
    private var locations: [UInt8] = []
    private var terms: [Term] = []

    /// One term of the locator during the search for its roots.
    private struct Term {
        var logarithm: Int
        let step: Int
    }

    init(code: ReedSolomon) {
        roots = code.roots
        locator = [UInt8](repeating: 0, count: code.roots + 1)
        correction = locator
        previous = locator
        evaluator = locator
    }

    /// Finds the errors of a word with these syndromes.
    ///
    /// - Parameters:
    ///   - syndromes: as many as the code has roots.
    ///   - erasures: distinct positions in the word known to be bad.
    /// - Returns: false when no set of errors within the limit has these syndromes; `errors` is then empty.
    mutating func decode(syndromes: [UInt8], erasures: [Int]) -> Bool {
        errors.removeAll(keepingCapacity: true)
        if syndromes.allSatisfy({ $0 == 0 }) { return true }
        guard erasures.count <= roots else { return false }
        let degree = findLocator(syndromes, erasures: erasures)
        guard 2 * degree - erasures.count <= roots, findLocations(degree: degree) else { return false }
        findDifferences(syndromes, degree: degree)
        guard isExplained(syndromes) else {
            errors.removeAll(keepingCapacity: true)
            return false
        }
        errors.sort { $0.position < $1.position }
        return true
    }

    /// The position whose coefficient's power is the logarithm of `location`.
    private func position(of location: UInt8) -> Int {
        ReedSolomon.codewordLength - 1 - field.logarithm(location)
    }

    /// Berlekamp-Massey: the shortest recurrence for the syndromes that has the erasures among its roots.
    ///
    /// - Returns: the length of the recurrence: erasures and errors.
    private mutating func findLocator(_ syndromes: [UInt8], erasures: [Int]) -> Int {
        for index in 0...roots { locator[index] = 0 }
        locator[0] = 1
        for (count, position) in erasures.enumerated() {
            let location = field.power(ReedSolomon.codewordLength - 1 - position)
            for index in stride(from: count + 1, to: 0, by: -1) {
                locator[index] ^= field.multiply(locator[index - 1], location)
            }
        }
        for index in 0...roots { correction[index] = locator[index] }

        var length = erasures.count
        for step in erasures.count..<roots {
            var discrepancy: UInt8 = 0
            for index in 0...step { discrepancy ^= field.multiply(locator[index], syndromes[step - index]) }
            for index in stride(from: roots, to: 0, by: -1) { correction[index] = correction[index - 1] }
            correction[0] = 0
            guard discrepancy != 0 else { continue }
            let grows = 2 * length <= step + erasures.count
            for index in 0...roots {
                previous[index] = locator[index]
                locator[index] ^= field.multiply(discrepancy, correction[index])
            }
            guard grows else { continue }
            length = step + 1 + erasures.count - length
            for index in 0...roots { correction[index] = field.divide(previous[index], by: discrepancy) }
        }
        return length
    }

    /// Fills `locations` with the inverses of the locator's roots.
    ///
    /// - Returns: whether there are as many as the locator's degree, which is `degree`.
    private mutating func findLocations(degree: Int) -> Bool {
        locations.removeAll(keepingCapacity: true)
        guard degree > 0, degree <= roots, locator[degree] != 0 else { return false }
        for index in (degree + 1)..<max(degree + 1, roots + 1) where locator[index] != 0 { return false }
        if degree == 1 {
            // 1 + a x has the root 1/a: the usual case of one bad byte needs no search.
            locations.append(locator[1])
            return true
        }
        // Chien's search: each term is kept as the logarithm of its value at the point in hand, and moving to the next
        // point adds to it. The point of `exponent` is the inverse of a location: 2 to the power of -exponent.
        terms.removeAll(keepingCapacity: true)
        for index in 1...degree where locator[index] != 0 {
            terms.append(Term(logarithm: field.logarithm(locator[index]), step: 255 - index))
        }
        for exponent in 0..<255 {
            var value = locator[0]
            for index in terms.indices {
                let logarithm = terms[index].logarithm
                value ^= field.power(logarithm)
                let next = logarithm + terms[index].step
                terms[index].logarithm = next >= 255 ? next - 255 : next
            }
            guard value == 0 else { continue }
            locations.append(field.power(exponent))
            if locations.count == degree { return true }
        }
        return false
    }

    /// Forney's formula for a code whose first root is 2^0.
    private mutating func findDifferences(_ syndromes: [UInt8], degree: Int) {
        for power in 0..<roots {
            var value: UInt8 = 0
            for index in 0...min(power, degree) {
                value ^= field.multiply(locator[index], syndromes[power - index])
            }
            evaluator[power] = value
        }
        for location in locations {
            let inverse = field.divide(1, by: location)
            var numerator: UInt8 = 0
            for power in stride(from: degree - 1, through: 0, by: -1) {
                numerator = field.multiply(numerator, inverse) ^ evaluator[power]
            }
            // The formal derivative has only the odd powers' coefficients, one power lower.
            var derivative: UInt8 = 0
            var factor: UInt8 = 1
            let square = field.multiply(inverse, inverse)
            for power in stride(from: 1, through: degree, by: 2) {
                derivative ^= field.multiply(locator[power], factor)
                factor = field.multiply(factor, square)
            }
            // The roots found are distinct and as many as the degree, so none is a double one.
            guard derivative != 0 else { continue }
            let difference = field.divide(field.multiply(location, numerator), by: derivative)
            guard difference != 0 else { continue }
            errors.append(WordError(position: position(of: location), difference: difference))
        }
    }

    /// Whether the errors found have exactly these syndromes, so that the corrected word is a codeword.
    private func isExplained(_ syndromes: [UInt8]) -> Bool {
        for (exponent, syndrome) in syndromes.enumerated() {
            var sum: UInt8 = 0
            for error in errors {
                let power = (ReedSolomon.codewordLength - 1 - error.position) * exponent % 255
                sum ^= field.multiply(error.difference, field.power(power))
            }
            guard sum == syndrome else { return false }
        }
        return true
    }
}
