import AssayVerity

/// One word of the code with errors and erasures: what is within the limit is corrected, and nothing else is touched.
///
/// Each four bytes of `damage` are a position, whether it is known to be bad, a byte without meaning, and the change.
func checkWord(roots: Int, message: ArraySlice<UInt8>, damage: ArraySlice<UInt8>) {
    guard let code = try? ReedSolomon(roots: roots) else {
        precondition(!ReedSolomon.allowedRoots.contains(roots), "the roots of dm-verity have a code")
        return
    }
    let taken = Array(message.prefix(code.messageLength))
    let zeros = [UInt8](repeating: 0, count: code.messageLength - taken.count)
    let original = taken + zeros + code.parity(of: taken)
    precondition(code.syndromes(of: original).allSatisfy { $0 == 0 }, "message and parity are a word of the code")

    var word = original
    var erasures: Set<Int> = []
    for start in stride(from: damage.startIndex, to: damage.endIndex - 3, by: 4) where damage[start] < word.count {
        let position = Int(damage[start])
        if damage[start + 1] & 1 == 1 { erasures.insert(position) }
        word[position] ^= damage[start + 3]
    }
    let errors = word.indices.count { word[$0] != original[$0] && !erasures.contains($0) }
    let damaged = word
    let count = code.correct(&word, erasures: erasures.sorted())
    if 2 * errors + erasures.count <= roots {
        precondition(count != nil && word == original, "errors within the limit are corrected")
    }
    if let count {
        precondition(code.syndromes(of: word).allSatisfy { $0 == 0 }, "a corrected word is one of the code")
        precondition(word.indices.count { word[$0] != damaged[$0] } == count, "every change is counted")
    } else {
        precondition(word == damaged, "what cannot be corrected stays")
    }
}
