import { useState } from "react";
import { invitationOfLink } from "../team/invitation-link";
import { PageHeading } from "../ui/page-heading";
import { Credentials } from "./credentials";
import { ForgotPassword } from "./forgot-password";
import { SecondStep } from "./second-step";

const titles = {
  signIn: "Sign in",
  signUp: "Sign up",
  code: "Two-factor authentication",
  forgot: "Forgot password",
};

/** The ways in. Each form is another one, so that what was said of one is not said of the next. */
export function SignIn({ isGuest = false }: { isGuest?: boolean }) {
  const [step, setStep] = useState<keyof typeof titles>(isGuest ? "signUp" : "signIn");
  const [email, setEmail] = useState("");
  const address = { email, onEmail: setEmail };
  const isPassword = step === "signIn" || step === "signUp";
  return (
    <div className="card narrow">
      {isGuest ? <h2>{titles[step]}</h2> : <PageHeading text={titles[step]} />}
      {isPassword && invitationOfLink() !== null && (
        <p>You are invited to a team. Use the address that the invitation was sent to.</p>
      )}
      {isPassword && (
        <Credentials
          key={step}
          {...address}
          isNew={step === "signUp"}
          isGuest={isGuest}
          onCode={() => setStep("code")}
        />
      )}
      {step === "code" && <SecondStep />}
      {step === "forgot" && <ForgotPassword {...address} />}
      <div className="row links">
        {step === "signIn" ? (
          <>
            <button type="button" className="quiet" onClick={() => setStep("signUp")}>
              I am new here
            </button>
            <button type="button" className="quiet" onClick={() => setStep("forgot")}>
              Forgot password?
            </button>
          </>
        ) : (
          <button type="button" className="quiet" onClick={() => setStep("signIn")}>
            {step === "signUp" ? "I have an account" : "Back"}
          </button>
        )}
      </div>
    </div>
  );
}
