extension TokenRules {
    static let nToR: [TokenRule] = [
        TokenRule("new-relic-browser-api-token", "NRJS-[a-f0-9]{19}", ignoringCase: true),
        TokenRule("new-relic-insert-key", "NRII-[a-z0-9-]{32}", ignoringCase: true),
        TokenRule("new-relic-user-api-key", "NRAK-[a-z0-9]{27}", ignoringCase: true),
        TokenRule("notion-api-token", "ntn_\\d{11}[A-Za-z0-9]{35}", "secret_[A-Za-z0-9]{43}", entropy: 3.5),
        TokenRule("npm-access-token", "npm_[A-Za-z0-9]{36}"),
        TokenRule("octopus-deploy-api-key", "API-[A-Z0-9]{26}", entropy: 3),
        TokenRule(
            "openai-api-key", "sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}", "sk-proj-[A-Za-z0-9_-]{40,200}",
            "sk-svcacct-[A-Za-z0-9_-]{40,200}", "sk-admin-[A-Za-z0-9_-]{40,200}", entropy: 3),
        TokenRule("openrouter-api-key", "sk-or-v1-\\h{64}", entropy: 3),
        TokenRule("openshift-user-token", "sha256~[A-Za-z0-9_-]{43}", entropy: 3.5),
        TokenRule("perplexity-api-key", "pplx-[A-Za-z0-9]{48}", entropy: 3.5),
        TokenRule(
            "plaid-api-token", "access-sandbox-\\h{8}-\\h{4}-\\h{4}-\\h{4}-\\h{12}",
            "access-development-\\h{8}-\\h{4}-\\h{4}-\\h{4}-\\h{12}",
            "access-production-\\h{8}-\\h{4}-\\h{4}-\\h{4}-\\h{12}", ignoringCase: true),
        TokenRule(
            "planetscale-token", "pscale_tkn_[A-Za-z0-9_=.-]{32,64}", "pscale_oauth_[A-Za-z0-9_=.-]{32,64}",
            "pscale_pw_[A-Za-z0-9_=.-]{32,64}", entropy: 3),
        TokenRule("postman-api-token", "PMAK-[a-f0-9]{24}-[a-f0-9]{34}", ignoringCase: true, entropy: 3),
        TokenRule("prefect-api-token", "pnu_[A-Za-z0-9]{36}", entropy: 3),
        TokenRule("pulumi-api-token", "pul-\\h{40}"),
        TokenRule(
            "pypi-upload-token", "pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,1000}",
            "pypi-AgENdGVzdC5weXBpLm9yZw[A-Za-z0-9_-]{50,1000}", entropy: 3),
        TokenRule("readme-api-token", "rdme_[a-z0-9]{70}"),
        TokenRule("replicate-api-token", "r8_[A-Za-z0-9]{37}", entropy: 3),
        TokenRule("rubygems-api-token", "rubygems_\\h{48}"),
    ]

    static let sToZ: [TokenRule] = [
        TokenRule("scalingo-api-token", "tk-us-[A-Za-z0-9_-]{48}"),
        TokenRule("sendgrid-api-token", "SG\\.[A-Za-z0-9=_.-]{66}", entropy: 3),
        TokenRule("sendinblue-api-token", "xkeysib-\\h{64}-[A-Za-z0-9]{16}"),
        TokenRule("sentry-org-token", "sntrys_eyJ[A-Za-z0-9+/=_]{80,500}", entropy: 3.5),
        TokenRule("sentry-user-token", "sntryu_\\h{64}", entropy: 3),
        TokenRule(
            "settlemint-access-token", "sm_aat_[A-Za-z0-9]{16}", "sm_pat_[A-Za-z0-9]{16}", "sm_sat_[A-Za-z0-9]{16}",
            entropy: 3),
        TokenRule("shippo-api-token", "shippo_live_[A-Fa-f0-9]{40}", "shippo_test_[A-Fa-f0-9]{40}"),
        TokenRule(
            "shopify-token", "shpat_[A-Fa-f0-9]{32}", "shpca_[A-Fa-f0-9]{32}", "shppa_[A-Fa-f0-9]{32}",
            "shpss_[A-Fa-f0-9]{32}"),
        TokenRule("slack-app-token", "xapp-\\d-[A-Z0-9]{4,20}-\\d{6,20}-[a-z0-9]{20,100}", ignoringCase: true),
        TokenRule(
            "slack-bot-token", "xoxb-\\d{10,13}-\\d{10,13}[A-Za-z0-9-]{0,60}", "xoxb-\\d{8,14}-[A-Za-z0-9]{18,26}"),
        TokenRule(
            "slack-config-token", "xoxe\\.xoxb-\\d-[A-Z0-9]{163,166}", "xoxe\\.xoxp-\\d-[A-Z0-9]{163,166}",
            "xoxe-\\d-[A-Z0-9]{146}", ignoringCase: true),
        TokenRule(
            "slack-legacy-token", "xoxo-\\d{1,16}-\\d{1,16}-\\d{1,16}-[A-Fa-f0-9]{8,64}",
            "xoxs-\\d{1,16}-\\d{1,16}-\\d{1,16}-[A-Fa-f0-9]{8,64}"),
        TokenRule(
            "slack-workspace-token", "xoxa-\\d-[A-Za-z0-9-]{8,80}", "xoxr-\\d-[A-Za-z0-9-]{8,80}",
            "xoxa-[A-Za-z0-9]{8,48}", "xoxr-[A-Za-z0-9]{8,48}"),
        TokenRule(
            "slack-user-token", "xoxp-\\d{10,13}-\\d{10,13}-\\d{10,13}-[A-Za-z0-9-]{28,34}",
            "xoxe-\\d{10,13}-\\d{10,13}-\\d{10,13}-[A-Za-z0-9-]{28,34}"),
        TokenRule(
            "slack-webhook-url", "hooks\\.slack\\.com/services/[A-Za-z0-9+/]{40,90}",
            "hooks\\.slack\\.com/workflows/[A-Za-z0-9+/]{40,90}", "hooks\\.slack\\.com/triggers/[A-Za-z0-9+/]{40,90}"),
        TokenRule("sonarqube-token", "squ_\\h{40}", "sqp_\\h{40}", "sqa_\\h{40}", entropy: 3),
        TokenRule(
            "sourcegraph-access-token", "sgp_[A-Fa-f0-9]{16}_[A-Fa-f0-9]{40}", "sgp_local_[A-Fa-f0-9]{40}",
            "sgp_[A-Fa-f0-9]{40}", entropy: 3),
        TokenRule("square-access-token", "EAAA[A-Za-z0-9_-]{22,60}", "sq0atp-[A-Za-z0-9_-]{22,60}", entropy: 3),
        TokenRule("square-secret", "sq0csp-[A-Za-z0-9_-]{43}", entropy: 3),
        TokenRule(
            "stripe-access-token", "sk_test_[A-Za-z0-9]{10,99}", "sk_live_[A-Za-z0-9]{10,99}",
            "sk_prod_[A-Za-z0-9]{10,99}", "rk_test_[A-Za-z0-9]{10,99}", "rk_live_[A-Za-z0-9]{10,99}",
            "rk_prod_[A-Za-z0-9]{10,99}", "whsec_[A-Za-z0-9+/=]{32,64}"),
        TokenRule("supabase-token", "sbp_\\h{40}", entropy: 3),
        TokenRule(
            "microsoft-teams-webhook",
            "webhook\\.office\\.com/webhookb2/[a-z0-9@-]{73}/IncomingWebhook/[a-z0-9]{32}/[a-z0-9-]{36}",
            ignoringCase: true),
        TokenRule(
            "telegram-bot-api-token", "\\d{8}:AA[A-Za-z0-9_-]{33}", "\\d{9}:AA[A-Za-z0-9_-]{33}",
            "\\d{10}:AA[A-Za-z0-9_-]{33}", entropy: 3),
        TokenRule("twilio-api-key", "SK[0-9a-fA-F]{32}", entropy: 3),
        TokenRule("typeform-api-token", "tfp_[A-Za-z0-9_.=-]{59}", entropy: 3),
        TokenRule(
            "vault-token", "hvs\\.[A-Za-z0-9_-]{90,120}", "hvb\\.[A-Za-z0-9_-]{138,300}", "s\\.[A-Za-z0-9]{24}",
            entropy: 3.4, needsDigit: true),
        TokenRule("xai-api-key", "xai-[A-Za-z0-9]{80}", entropy: 3.5),
        TokenRule("yandex-api-key", "AQVN[A-Za-z0-9_-]{35,38}", entropy: 3.5),
        TokenRule(
            "yandex-access-token", "t1\\.[A-Za-z0-9_-]{1,200}={0,2}\\.[A-Za-z0-9_-]{86}={0,2}", entropy: 3.5),
    ]
}
