extension VerifyAttack {
    /// How the signature, its key or its file is not what it should be.
    static let signatureCases: [VerifyAttack] = [
        VerifyAttack(1, "another imported key", "list; sign other"),
        VerifyAttack(1, "a key with the vendor's name", "list; sign vendor --homedir $BASE/namesake; RING=namesake"),
        VerifyAttack(
            1, "a key that is pinned for another source",
            """
            list; sign other; OPTIONS="--keys $BASE/store --source vendor"; PINS=
            """),
        VerifyAttack(4, "key revoked, compromised", "KEY=compromised; list; sign compromised"),
        VerifyAttack(
            4, "key revoked, superseded after the signature",
            """
            KEY=superseded; list; at 20210101 -u superseded --output "$SIG" --detach-sign "$LIST"
            """),
        VerifyAttack(4, "key revoked, superseded before the signature", "KEY=superseded; list; sign superseded"),
        VerifyAttack(
            6, "a clearsigned message as the detached signature",
            """
            list; echo "$B  other.iso" > x; G -u vendor --output "$SIG" --clearsign x
            """),
        VerifyAttack(
            6, "an inline message as the detached signature",
            """
            list; echo "$B  other.iso" > x; G -u vendor --output "$SIG" --sign x
            """),
        VerifyAttack(
            6, "an inline message as the detached signature, not compressed",
            """
            list; echo "$B  other.iso" > x; G -u vendor -z 0 --output "$SIG" --sign x
            """),
        VerifyAttack(
            6, "a clearsigned message of the same list as the detached signature",
            """
            list; G -u vendor --output "$SIG" --clearsign SHA256SUMS
            """),
        VerifyAttack(
            7, "key expired, signed before",
            """
            KEY=expired; list; at 20200601 -u expired --output "$SIG" --detach-sign "$LIST"
            """),
        VerifyAttack(
            7, "key expired, signed before, and the policy accepts that",
            """
            KEY=expired; list; at 20200601 -u expired --output "$SIG" --detach-sign "$LIST"
            OPTIONS="--policy $BASE/old.yaml"
            """),
        VerifyAttack(7, "key expired, signed after", "KEY=expired; list; sign expired"),
        VerifyAttack(8, "SHA-1", "list; sign vendor --digest-algo SHA1"),
        VerifyAttack(8, "MD5", "list; sign vendor --digest-algo MD5 --allow-weak-digest-algos"),
        VerifyAttack(8, "RSA-1024", "KEY=short; list; sign short"),
        VerifyAttack(
            8, "a list of MD5 digests",
            """
            CHECK=md5sum LIST=MD5SUMS SIG=MD5SUMS.gpg; md5sum $ISO > MD5SUMS; sign vendor
            """),
        VerifyAttack(
            10, "unknown key and good",
            """
            list; sign other --output a; sign vendor --output b; cat a b > "$SIG"; RING=solo
            """),
        VerifyAttack(
            10, "bad by the vendor and good by the vendor",
            """
            list; cp SHA256SUMS x; echo >> SHA256SUMS; sign vendor --output a; mv x SHA256SUMS
            sign vendor --output b; cat a b > "$SIG"
            """),
        VerifyAttack(
            10, "good by two, two needed",
            """
            KEY="vendor other" RING=vendor; list; sign vendor -u other; OPTIONS="--policy $BASE/two.yaml"
            """),
        VerifyAttack(
            10, "good by one, two needed",
            """
            KEY="vendor other" RING=vendor; list; sign vendor; OPTIONS="--policy $BASE/two.yaml"
            """),
        VerifyAttack(
            10, "twice by one, two needed",
            """
            KEY="vendor other" RING=vendor; list; sign vendor --output a; sign vendor --output b
            cat a b > "$SIG"; OPTIONS="--policy $BASE/two.yaml"
            """),
        VerifyAttack(
            10, "good by one and bad by the other, two needed",
            """
            KEY="vendor other" RING=vendor; list; sign vendor --output a; cp SHA256SUMS x; echo >> SHA256SUMS
            sign other --output b; mv x SHA256SUMS; cat a b > "$SIG"; OPTIONS="--policy $BASE/two.yaml"
            """),
        VerifyAttack(11, "dated in the future", #"list; at 20990101 -u vendor --output "$SIG" --detach-sign "$LIST""#),
        VerifyAttack(
            11, "expired signature",
            """
            list; at 20210101 -u vendor --default-sig-expire 1d --output "$SIG" --detach-sign "$LIST"
            """),
        VerifyAttack(11, "critical notation", "list; sign vendor --sig-notation '!x@example.org=1'"),
        VerifyAttack(11, "notation that is not critical", "list; sign vendor --sig-notation 'x@example.org=1'"),
        VerifyAttack(11, "unknown critical subpacket, signed", #"list; craft SHA256SUMS 00 02fe00 $ISSUER > "$SIG""#),
        VerifyAttack(
            11, "unknown critical subpacket, not signed",
            """
            list; craft SHA256SUMS 00 "" ${ISSUER}02fe00 > "$SIG"
            """),
        VerifyAttack(12, "subkey without its binding", #"KEY=unbound; list; sign subkey --local-user "$SUBKEY!""#),
        VerifyAttack(
            12, "subkey without the signature back",
            """
            KEY=backless; list; sign subkey --local-user "$SUBKEY!"
            """),
        VerifyAttack(
            12, "another's subkey under the vendor's key",
            """
            KEY=grafted; list; sign subkey --local-user "$SUBKEY!"
            """),
        VerifyAttack(13, "no signature", "list; SIG=SHA256SUMS.gpg"),
        VerifyAttack(13, "empty", #"list; : > "$SIG""#),
        VerifyAttack(13, "truncated", #"list; sign vendor --output x; head -c 100 x > "$SIG""#),
        VerifyAttack(
            13, "truncated armor",
            """
            SIG=SHA256SUMS.asc; list; sign vendor --armor --output x; head -n 5 x > "$SIG"
            """),
        VerifyAttack(
            13, "partial body lengths",
            #"""
            list; sign vendor --output x
            (printf '\302\340'; tail -c +4 x | head -c 1; printf '\352'; tail -c +5 x) > "$SIG"
            """#),
        VerifyAttack(
            13, "indeterminate length",
            #"""
            list; sign vendor --output x; (printf '\213'; tail -c +4 x) > "$SIG"
            """#),
        VerifyAttack(13, "garbage before", #"list; sign vendor --output x; (echo garbage; cat x) > "$SIG""#),
        VerifyAttack(13, "garbage after", #"list; sign vendor --output x; (cat x; echo garbage) > "$SIG""#),
        VerifyAttack(
            13, "text around the armor",
            """
            SIG=SHA256SUMS.asc; list; sign vendor --armor --output x; (echo hello; cat x; echo hello) > "$SIG"
            """),
        VerifyAttack(
            13, "a marker packet before",
            #"""
            list; sign vendor --output x; (printf '\312\003PGP'; cat x) > "$SIG"
            """#),
        VerifyAttack(
            13, "a padding packet before",
            #"""
            list; sign vendor --output x; (printf '\325\003abc'; cat x) > "$SIG"
            """#),
        VerifyAttack(
            13, "a private packet before",
            #"""
            list; sign vendor --output x; (printf '\374\003abc'; cat x) > "$SIG"
            """#),
        VerifyAttack(
            13, "a packet of version 5 before",
            #"""
            list; sign vendor --output x; (printf '\302\006\005\000\001\010\000\000'; cat x) > "$SIG"
            """#),
        VerifyAttack(
            13, "a key block before",
            """
            SIG=SHA256SUMS.asc; list; G --armor --export other@example.org > a; sign vendor --armor --output b
            cat a b > "$SIG"
            """),
        VerifyAttack(
            13, "two armored signatures, the second good",
            """
            SIG=SHA256SUMS.asc; list; sign other --armor --output a; sign vendor --armor --output b
            cat a b > "$SIG"
            """),
        VerifyAttack(
            13, "wrong checksum of the armor",
            """
            SIG=SHA256SUMS.asc; list; sign vendor --armor --output x
            sed 's/^=[A-Za-z0-9+/]*$/=AAAA/' x > "$SIG"
            """),
        VerifyAttack(13, "the key in place of the signature", #"list; cp $BASE/keys/vendor.pgp "$SIG""#),
        VerifyAttack(13, "a certification from the key", #"list; (cd $BASE; cat certification) > "$SIG""#),
        VerifyAttack(13, "a certification made over the list", #"list; craft SHA256SUMS 13 "" $ISSUER > "$SIG""#),
        VerifyAttack(13, "a standalone signature", #"list; craft SHA256SUMS 02 "" $ISSUER > "$SIG""#),
        VerifyAttack(13, "text mode, line ends changed", #"list; sign vendor --textmode; sed -i 's/$/\r/' SHA256SUMS"#),
        VerifyAttack(15, "crafted as usual", #"list; craft SHA256SUMS 00 "" $ISSUER > "$SIG""#),
        VerifyAttack(15, "no issuer at all", #"list; craft SHA256SUMS 00 "" "" > "$SIG""#),
        VerifyAttack(15, "the unsigned issuer is another key", #"list; craft SHA256SUMS 00 "" $OTHER > "$SIG""#),
        VerifyAttack(15, "the signed issuer is another key", #"list; craft SHA256SUMS 00 $OTHER "" > "$SIG""#),
        VerifyAttack(
            15, "by another key, the unsigned issuer the vendor's",
            """
            list; sign other --output x; unsigned x $ISSUER > "$SIG"
            """),
        VerifyAttack(
            15, "by the vendor, the unsigned issuer another key",
            """
            list; sign vendor --output x; unsigned x $OTHER > "$SIG"
            """),
        VerifyAttack(
            15, "by the vendor, the signed issuer only",
            """
            list; sign vendor --output x; unsigned x "" > "$SIG"
            """),
    ]
}
