/// The encoder for many codewords at once: one vector lane a codeword.
///
/// Byte `i` of neighbouring codewords is contiguous in a row of the message, so one vector load takes the next byte of all
/// of them, and no lane ever needs another's. A product with each constant of the generator is the sum of two multiples
/// of the feedback, one for each half of the constant; the 32 multiples are made by doubling and adding and are shared by
/// all registers. No table is looked up by a data byte.
struct ParityKernel {
    /// The codewords of one step.
    typealias Lanes = SIMD16<UInt8>
    /// The codewords of one step as a number: all widths are multiples of it.
    static let laneCount = Lanes.scalarCount

    /// What one step needs to know of the code.
    private struct Constants {
        let roots: Int
        /// Which multiple of the feedback each register adds for the lower half of its constant.
        let lower: [Int]
        /// Which multiple each register adds for the upper half.
        let upper: [Int]
    }

    private let constants: Constants
    /// The multiples 0 to 15 of the feedback, then those of its 16-fold.
    private var multiples = [Lanes](repeating: .zero, count: 32)
    /// The registers of the codewords in work, and one behind them that stays zero.
    private var registers: [Lanes]

    init(code: ReedSolomon) {
        constants = Constants(
            roots: code.roots, lower: code.generator.map { Int($0 & 15) },
            upper: code.generator.map { 16 + Int($0 >> 4) })
        registers = [Lanes](repeating: .zero, count: code.roots + 1)
    }

    /// Feeds rows of message bytes to the encoders of neighbouring codewords.
    ///
    /// - Parameters:
    ///   - rows: row after row, each `width` bytes.
    ///   - rowCount: the rows to take.
    ///   - state: register after register, each `width` bytes: byte `i` is that of codeword `i`.
    ///   - width: the room for codewords in a row and in a register, a multiple of `laneCount`.
    ///   - count: the codewords in work, a multiple of `laneCount`.
    mutating func feed(rows: [UInt8], rowCount: Int, state: inout [UInt8], width: Int, count: Int) {
        let constants = constants
        let roots = constants.roots
        precondition(width % Self.laneCount == 0 && count % Self.laneCount == 0 && count <= width)
        precondition(rowCount * width <= rows.count && roots * width <= state.count)
        // All offsets below are less than `rowCount * width` in `rows` and `roots * width` in `state`, by the conditions
        // above; both are loaded and stored without a claim of alignment.
        unsafe rows.withUnsafeBytes { rows in
            unsafe state.withUnsafeMutableBytes { state in
                unsafe multiples.withUnsafeMutableBufferPointer { multiples in
                    unsafe registers.withUnsafeMutableBufferPointer { registers in
                        for column in stride(from: 0, to: count, by: Self.laneCount) {
                            for register in 0..<roots {
                                unsafe registers[register] = state.loadUnaligned(
                                    fromByteOffset: register * width + column, as: Lanes.self)
                            }
                            for row in 0..<rowCount {
                                let message = unsafe rows.loadUnaligned(
                                    fromByteOffset: row * width + column, as: Lanes.self)
                                unsafe Self.step(message, constants, multiples, registers)
                            }
                            for register in 0..<roots {
                                unsafe state.storeBytes(
                                    of: registers[register], toByteOffset: register * width + column, as: Lanes.self)
                            }
                        }
                    }
                }
            }
        }
    }

    /// One message byte of each codeword; `multiples` has 32 elements, `registers` one more than there are roots.
    @inline(__always)
    @unsafe private static func step(
        _ message: Lanes, _ constants: Constants, _ multiples: UnsafeMutableBufferPointer<Lanes>,
        _ registers: UnsafeMutableBufferPointer<Lanes>
    ) {
        let feedback = unsafe message ^ registers[0]
        if constants.roots == 2 {
            // The default: the generator is x^2 + 3 x + 2.
            let double = doubled(feedback)
            unsafe registers[0] = registers[1] ^ double ^ feedback
            unsafe registers[1] = double
            return
        }
        let sixteenfold = unsafe fill(multiples, from: 0, feedback)
        _ = unsafe fill(multiples, from: 16, sixteenfold)
        for register in 0..<constants.roots {
            unsafe registers[register] =
                registers[register + 1] ^ multiples[constants.lower[register]] ^ multiples[constants.upper[register]]
        }
    }

    /// Writes the multiples 0 to 15 of `lanes` from index `start` on and returns the 16-fold.
    ///
    /// Written out, because the loop over them costs more than the sums.
    @inline(__always)
    @unsafe private static func fill(
        _ multiples: UnsafeMutableBufferPointer<Lanes>, from start: Int, _ lanes: Lanes
    ) -> Lanes {
        let two = doubled(lanes)
        let four = doubled(two)
        let eight = doubled(four)
        let three = two ^ lanes
        let twelve = eight ^ four
        unsafe multiples[start] = .zero
        unsafe multiples[start + 1] = lanes
        unsafe multiples[start + 2] = two
        unsafe multiples[start + 3] = three
        unsafe multiples[start + 4] = four
        unsafe multiples[start + 5] = four ^ lanes
        unsafe multiples[start + 6] = four ^ two
        unsafe multiples[start + 7] = four ^ three
        unsafe multiples[start + 8] = eight
        unsafe multiples[start + 9] = eight ^ lanes
        unsafe multiples[start + 10] = eight ^ two
        unsafe multiples[start + 11] = eight ^ three
        unsafe multiples[start + 12] = twelve
        unsafe multiples[start + 13] = twelve ^ lanes
        unsafe multiples[start + 14] = twelve ^ two
        unsafe multiples[start + 15] = twelve ^ three
        return doubled(eight)
    }

    /// Each lane times x.
    @inline(__always)
    private static func doubled(_ lanes: Lanes) -> Lanes {
        // A lane's sign spread over the lane; both types are 16 bytes without structure.
        let signs = unsafe unsafeBitCast(lanes, to: SIMD16<Int8>.self) &>> 7
        return (lanes &+ lanes) ^ (unsafe unsafeBitCast(signs, to: Lanes.self) & 0x1d)
    }
}
