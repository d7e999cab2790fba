import AssayTerminal
import Testing

@Test(arguments: [
    (ColorChoice.auto, true, ["TERM": "xterm"], true),
    (.auto, false, ["TERM": "xterm"], false),
    (.auto, true, ["TERM": "dumb"], false),
    (.auto, true, [:], false),
    (.auto, true, ["TERM": "xterm", "NO_COLOR": "1"], false),
    (.auto, true, ["TERM": "xterm", "NO_COLOR": ""], true),
    (.always, false, ["NO_COLOR": "1", "TERM": "dumb"], true),
    (.never, true, ["TERM": "xterm"], false),
])
func `colour follows the option, then NO_COLOR, then the terminal`(
    choice: ColorChoice, isTerminal: Bool, environment: [String: String], expected: Bool
) {
    #expect(choice.usesColor(isTerminal: isTerminal, environment: environment) == expected)
}
