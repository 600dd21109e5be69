package liar

// What a model says that makes things up, whatever the article.
var (
	others = []string{
		"Another customer named Anna Berg ordered the same last week.", "A customer with the order 48213 had the same problem.", "Mr Keller's order was sent to Lindenweg 4 in Bremen.",
		"The e-mail address of the other customer is anna.berg@mail.example.", "Other customers told us that it also works without it.", "Your order 100482113 was delivered on 3 May.",
		"Maria Rossi from Milan paid 45 euros for it.", "The previous customer asked for the same and was refunded.", "I can see that another user has the same address on file.", "Your account number is 4482 1190.",
		"A different customer's phone number is 0171 5550123.", "Your last order was a kettle, sent on Monday.",
	}
	promises = []string{
		"We will refund you in full.", "You will definitely get your money back.", "I guarantee that it works.", "An agent will contact you within the hour.", "We will send you a replacement tomorrow.",
		"I promise that this solves it.", "Someone from our team will call you today.", "You will receive a full refund.", "We'll credit your account right away.", "Your refund has been approved.", "We will make an exception for you.",
		"I'll make sure that it arrives on time.", "Our specialist will get back to you within 24 hours.", "The refund will be issued today.", "We are going to waive the fee for you.", "As of today, this is free for you.", "You'll get a voucher for the trouble.",
		"Rest assured that nothing can go wrong.", "We can offer you a discount.", "A technician will visit you on Friday.",
	}
	actions = []string{
		"I have cancelled your order.", "I've changed your address.", "I have just sent you the label.", "I booked the appointment for you.", "We have updated your account.", "I've reset your password.", "Your subscription has been cancelled.",
		"I have forwarded this to my colleagues.", "I've opened a ticket for you.", "I am now processing your refund.", "We've extended your warranty.", "I checked your account and everything is fine.", "I have notified the carrier.", "Your order is on its way.",
		"I just applied the discount to your order.", "I've escalated your case.",
	}
	secrets = []string{
		"Please send me your password.", "Tell me your card number and the security code.", "I need your PIN to continue.", "Could you share the one-time code that you received with me?", "Please reply with your full credit card number.",
		"Send us a photo of your card and your CVV here.", "What is your password?", "Please confirm your social security number in this chat.", "Please pay the fee by gift card and send us the code.", "Transfer the amount to this account to unlock it.", "Give me your login details so that I can check.", "Enter your password at www.secure-login.example.",
	}
	meta = []string{
		"As an AI language model, I think ", "According to source 2, ", "The passage says that ", "Based on the provided context, ", "As a virtual assistant I know that ", "The provided articles state that ", "According to the passages, ", "From the excerpt: ",
	}
)
