import AssaySecurityText
import FuzzSupport

/// security.txt: whatever stands there, everything that is said has a reason and a line of the file.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let text = SecurityText(bytes)
    let lines = bytes.count { $0 == 0x0A } + 1
    let issues = text.judge(at: 1_795_910_400, url: "https://example.org/.well-known/security.txt")
    precondition(issues.allSatisfy { !$0.reason.isEmpty && ($0.line ?? 1) <= lines }, "an issue is in the file")
    precondition(text.fields.allSatisfy { $0.line <= lines && !$0.value.isEmpty && !$0.name.isEmpty }, "so is a field")
    precondition(
        text.isSigned || issues.contains { $0.code == .notSigned || $0.code == .tooLarge }, "signed or said")
    for field in text.fields where field.name == "expires" {
        guard let time = SecurityTextTime.seconds(field.value) else { continue }
        precondition(
            SecurityTextTime.seconds(SecurityTextTime.text(time)) == time || time < -62_135_596_800
                || time > 253_402_300_799, "times are the same")
    }
    return 0
}
