import AssayAccounts
import FuzzSupport

/// shadow, passwd, login.defs and namespace.conf.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    for entry in ShadowFile(bytes).entries { _ = entry }
    _ = PasswdFile(bytes)
    _ = LoginDefinitions(bytes).settingForPAM("ENCRYPT_METHOD")
    _ = NamespaceConfiguration(bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    _ = PasswordField(shadow: text)
    _ = PasswordField(passwd: text)
    return 0
}
