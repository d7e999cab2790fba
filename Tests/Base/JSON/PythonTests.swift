import AssayJSON
import AssayTestSupport
import Foundation
import Testing

/// Python's json refuses and takes what we do, but for what is documented: names that stand twice, lone surrogates, words
/// such as NaN, numbers out of bounds.
@Test(.enabled(if: isAvailable("python3")))
func `Python's json agrees on mutated documents`() throws {
    let seeds = [
        #"{"a": [1, 2.5e3, -0, null], "b": {"c": "é\n😀"}, "d": [true, false]}"#, #"[[], {}, "", 0.1, [[["x"]]]]"#,
    ].map { Array($0.utf8) }
    var numbers = SeededNumbers(state: 42)
    var inputs: [[UInt8]] = []
    for index in 0..<1500 {
        var bytes = seeds[index % seeds.count]
        for _ in 0..<Int.random(in: 1...3, using: &numbers) {
            let place = Int.random(in: 0..<bytes.count, using: &numbers)
            switch Int.random(in: 0..<3, using: &numbers) {
            case 0: bytes[place] = Array("{}[]\",:01.eE+-ntf \\u".utf8).randomElement(using: &numbers) ?? 0
            case 1: bytes.remove(at: place)
            default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &numbers)], at: place)
            }
        }
        inputs.append(bytes)
    }
    let scratch = ScratchDirectory()
    try scratch.write("inputs", inputs.map { $0.map { String($0) }.joined(separator: " ") }.joined(separator: "\n"))
    try scratch.write(
        "judge.py",
        """
        import json, sys
        def pairs(items):
            if len({k for k, _ in items}) != len(items): raise ValueError("twice")
            return dict(items)
        def refuse(_): raise ValueError("word")
        for line in open("inputs"):
            try:
                text = bytes(int(n) for n in line.split()).decode("utf-8")
                value = json.loads(text, object_pairs_hook=pairs, parse_constant=refuse)
                json.dumps(value, ensure_ascii=False).encode("utf-8")
                print("yes", json.dumps(value, sort_keys=True, ensure_ascii=True))
            except (ValueError, UnicodeError, OverflowError):
                print("no")
        """)
    let lines = shell("python3 judge.py", in: scratch.path).text.split(separator: "\n")
    try #require(lines.count == inputs.count)
    var accepted = 0
    for (input, line) in zip(inputs, lines) {
        let mine = try? JSONReader.read(input)
        #expect((mine != nil) == line.hasPrefix("yes"), "\(String(decoding: input, as: UTF8.self)): \(line)")
        if let mine, line.hasPrefix("yes") {
            accepted += 1
            let theirs = try JSONReader.read(Array(line.dropFirst(4).utf8))
            // Python rounds numbers to doubles: texts and shapes are compared by writing both without numbers.
            #expect(shape(mine) == shape(theirs))
        }
    }
    #expect(accepted > 100)
}

private func shape(_ value: JSONValue) -> JSONValue {
    switch value {
    case .number: .string("number")
    case .array(let elements): .array(elements.map(shape))
    case .object(let object): .object(JSONObject(object.members.map { ($0.key, shape($0.value)) }))
    default: value
    }
}
